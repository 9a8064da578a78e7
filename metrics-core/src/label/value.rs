//! Label values from a finite set.

/// A label value from a finite set that is known while compiling.
///
/// Derive it on enums without data (`#[derive(LabelValue)]`). `bool`, [`StatusClass`] and [`Bounded`](super::Bounded) implement it,
/// and so does `Option<L>` of these, whose `None` is the absent label. `String`, `&str` and integers do not, as their values have
/// no bound: they need a limit, `Capped<N>` in a label set or `capped(expr, N)` in an attribute.
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
/// assert!(matches!(MatchType::from_label("team"), Some(MatchType::Team)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a finite label value",
    label = "its values have no known bound",
    note = "derive `LabelValue` on an enum, or give the value a limit: `capped(expr, 100)` in an attribute, `Capped<100>` \
            in a label set"
)]
pub trait LabelValue {
    /// Number of values.
    const COUNT: usize;

    /// Returns the position of this value, which is less than [`COUNT`](Self::COUNT). A value with another position is not counted.
    fn index(&self) -> usize;

    /// Returns the text of the value at a position, or an empty text if there is none.
    fn name_at(index: usize) -> &'static str;

    /// Returns the text of this value.
    fn as_str(&self) -> &'static str {
        Self::name_at(self.index())
    }

    /// Returns the value whose [`as_str`](Self::as_str) is this text, or `None` if there is none.
    ///
    /// The derive implements it, and a variant with `#[label(other)]` catches all other texts. The default, which references
    /// have, always returns `None`.
    ///
    /// ```
    /// use metrics_core::{Bounded, LabelValue, StatusClass};
    ///
    /// #[derive(Clone, Copy, Debug, PartialEq, LabelValue)]
    /// #[label(rename_all = "snake_case")]
    /// enum MatchType { Solo, #[label(rename = "cup")] Tournament }
    ///
    /// #[derive(Clone, Copy, Debug, PartialEq, LabelValue)]
    /// #[label(rename_all = "snake_case")]
    /// enum Browser { Firefox, #[label(other)] Unknown }
    ///
    /// assert_eq!(MatchType::from_label("cup"), Some(MatchType::Tournament));
    /// assert_eq!(MatchType::from_label("Cup"), None);
    /// assert_eq!(Browser::from_label("lynx"), Some(Browser::Unknown));
    /// assert_eq!(StatusClass::from_label("4xx"), Some(StatusClass::ClientError));
    /// assert_eq!(Bounded::<1, 4>::from_label("5"), None);
    /// assert_eq!(Option::<bool>::from_label(""), Some(None));
    ///
    /// // For `parse`:
    /// impl std::str::FromStr for MatchType {
    ///     type Err = String;
    ///
    ///     fn from_str(text: &str) -> Result<Self, String> {
    ///         Self::from_label(text).ok_or_else(|| format!("`{text}` is no type of a match"))
    ///     }
    /// }
    /// assert_eq!("solo".parse(), Ok(MatchType::Solo));
    /// ```
    fn from_label(text: &str) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = text;
        None
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

    fn from_label(text: &str) -> Option<Self> {
        text.parse().ok()
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

    fn from_label(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { L::from_label(text).map(Some) }
    }
}

/// The absent label.
impl LabelValue for () {
    const COUNT: usize = 1;

    #[inline]
    fn index(&self) -> usize {
        0
    }

    fn name_at(_: usize) -> &'static str {
        ""
    }

    fn from_label(text: &str) -> Option<Self> {
        text.is_empty().then_some(())
    }
}

/// The class of an HTTP status code as a label value: `1xx` to `5xx`.
///
/// ```
/// use metrics_core::{LabelValue, StatusClass};
///
/// assert_eq!(StatusClass::of(404), StatusClass::ClientError);
/// assert_eq!(StatusClass::of(404).as_str(), "4xx");
/// ```
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
    /// All classes, each at its index.
    const ALL: [Self; 5] =
        [Self::Informational, Self::Success, Self::Redirection, Self::ClientError, Self::ServerError];

    /// Returns the class of a status code. Codes below 100 are informational, and codes above 599 are server errors.
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

    fn from_label(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}
