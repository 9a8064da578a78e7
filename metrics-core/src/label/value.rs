//! Label values from a finite set.

/// A label value from a finite set that is known while compiling.
///
/// Derive it on enums without data (`#[derive(LabelValue)]`). `bool`, [`StatusClass`] and `Option<L>` of these (absent is
/// the empty value) have it already. A `String`, a `&str` or an integer has not, on purpose: its values have no bound, so
/// it needs a limit, `Capped<N>` in a label set or `capped(expr, N)` in an attribute.
///
/// ```
/// use metrics_core::LabelValue;
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case")]
/// enum MatchType { Solo, Team, #[label(rename = "cup")] Tournament }
///
/// assert_eq!(MatchType::COUNT, 3);
/// assert_eq!(MatchType::Tournament.as_str(), "cup");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a finite label value",
    label = "its values have no known bound",
    note = "derive `LabelValue` on an enum, or give the value a limit: `capped(expr, 100)` in an attribute, `Capped<100>` \
            in a label set"
)]
pub trait LabelValue {
    /// How many values there are.
    const COUNT: usize;

    /// The position of this value, less than [`COUNT`](Self::COUNT).
    fn index(&self) -> usize;

    /// The text of the value at `index`, empty where there is none.
    fn name_at(index: usize) -> &'static str;

    /// The text of this value.
    fn as_str(&self) -> &'static str {
        Self::name_at(self.index())
    }
}

impl LabelValue for bool {
    const COUNT: usize = 2;

    #[inline]
    fn index(&self) -> usize {
        usize::from(*self)
    }

    fn name_at(index: usize) -> &'static str {
        if index == 0 { "false" } else { "true" }
    }
}

impl<L: LabelValue + ?Sized> LabelValue for &L {
    const COUNT: usize = L::COUNT;

    #[inline]
    fn index(&self) -> usize {
        L::index(self)
    }

    fn name_at(index: usize) -> &'static str {
        L::name_at(index)
    }
}

impl<L: LabelValue> LabelValue for Option<L> {
    const COUNT: usize = L::COUNT + 1;

    #[inline]
    fn index(&self) -> usize {
        self.as_ref().map_or(0, |value| value.index() + 1)
    }

    fn name_at(index: usize) -> &'static str {
        index.checked_sub(1).map_or("", L::name_at)
    }
}

/// No value: the label is absent.
impl LabelValue for () {
    const COUNT: usize = 1;

    #[inline]
    fn index(&self) -> usize {
        0
    }

    fn name_at(_: usize) -> &'static str {
        ""
    }
}

/// The class of an HTTP status code: `1xx` to `5xx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusClass {
    /// 100 to 199.
    Informational,
    /// 200 to 299.
    Success,
    /// 300 to 399.
    Redirection,
    /// 400 to 499.
    ClientError,
    /// 500 and above.
    ServerError,
}

impl StatusClass {
    /// The class of a status code; codes below 200 are informational, from 500 on server errors.
    pub const fn of(status: u16) -> Self {
        match status {
            0..200 => Self::Informational,
            200..300 => Self::Success,
            300..400 => Self::Redirection,
            400..500 => Self::ClientError,
            500.. => Self::ServerError,
        }
    }
}

impl LabelValue for StatusClass {
    const COUNT: usize = 5;

    #[inline]
    fn index(&self) -> usize {
        *self as usize
    }

    fn name_at(index: usize) -> &'static str {
        ["1xx", "2xx", "3xx", "4xx", "5xx"].get(index).copied().unwrap_or_default()
    }
}
