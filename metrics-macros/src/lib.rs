//! The attributes and derives of the instrumentation framework. Use them through `metrics_core`, which re-exports them.
//!
//! Only the entry points and their documentation: metrics-codegen makes the code.

#![forbid(unsafe_code)]

use metrics_codegen::Attribute;
use proc_macro::TokenStream;

#[doc = include_str!("../docs/counted.md")]
#[proc_macro_attribute]
pub fn counted(arguments: TokenStream, item: TokenStream) -> TokenStream {
    metrics_codegen::attribute(Attribute::Counted, arguments.into(), &item.into()).into()
}

#[doc = include_str!("../docs/timed.md")]
#[proc_macro_attribute]
pub fn timed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    metrics_codegen::attribute(Attribute::Timed, arguments.into(), &item.into()).into()
}

#[doc = include_str!("../docs/in_flight.md")]
#[proc_macro_attribute]
pub fn in_flight(arguments: TokenStream, item: TokenStream) -> TokenStream {
    metrics_codegen::attribute(Attribute::InFlight, arguments.into(), &item.into()).into()
}

#[doc = include_str!("../docs/observed.md")]
#[proc_macro_attribute]
pub fn observed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    metrics_codegen::attribute(Attribute::Observed, arguments.into(), &item.into()).into()
}

/// The commit that is checked out where the crate is built, or an empty text: what `metrics_core::build_info!` falls back on.
#[doc(hidden)]
#[proc_macro]
pub fn git_commit(_: TokenStream) -> TokenStream {
    metrics_codegen::git_commit().into()
}

/// The same of the branch.
#[doc(hidden)]
#[proc_macro]
pub fn git_branch(_: TokenStream) -> TokenStream {
    metrics_codegen::git_branch().into()
}

/// Makes an enum without data the values of a label.
///
/// # Arguments of `#[label(…)]`
///
/// ## `rename_all` (on the enum)
///
/// **Type:** one of `"snake_case"`, `"kebab-case"`, `"lowercase"`, `"UPPERCASE"`, `"camelCase"`, `"PascalCase"` and
/// `"SCREAMING_SNAKE_CASE"`. **Default:** variants as they are written.
///
/// ## `name` (on the enum)
///
/// **Type:** string. **Default:** the enum's name in `snake_case`. The label, where the enum stands in a tuple of labels:
/// `Family<(MatchType, Status), Counter>`.
///
/// ## `other` (on a variant)
///
/// The variant for all strings that are no variant's text: `from_label` gives it for them, and the enum gets `From<&str>`.
///
/// ## `rename` (on a variant)
///
/// **Type:** string. The variant's text.
///
/// ## `crate` (on the enum)
///
/// **Type:** an absolute path in a string. **Default:** `::metrics_core`, or the name that the manifest gives it.
///
/// # Example
///
/// ```
/// use metrics_core::LabelValue;
///
/// #[derive(Clone, Copy, LabelValue)]
/// #[label(rename_all = "snake_case")]
/// enum MatchType {
///     Solo,
///     TwoTeams,
///     #[label(rename = "cup")]
///     Tournament,
/// }
///
/// let texts = [MatchType::Solo, MatchType::TwoTeams, MatchType::Tournament].map(|value| value.as_str());
/// assert_eq!(texts, ["solo", "two_teams", "cup"]);
/// assert!(matches!(MatchType::from_label("cup"), Some(MatchType::Tournament)));
/// assert!(MatchType::from_label("Tournament").is_none());
/// ```
#[proc_macro_derive(LabelValue, attributes(label))]
pub fn derive_label_value(item: TokenStream) -> TokenStream {
    metrics_codegen::derive_label_value(item.into()).into()
}

/// Makes a struct the labels of a family: every field is a label, in their order.
///
/// A field's type is a `LabelValue` or `Capped<N>`.
///
/// # Arguments of `#[label(…)]`
///
/// ## `rename` (on a field)
///
/// **Type:** string. **Default:** the field's name. The label's name.
///
/// ## `flatten` (on a field)
///
/// The field is a label set itself, whose labels stand in its place.
///
/// ## `allow(rule, …)` (on the struct or a field)
///
/// Silences the warnings `target_label`, `label_type` and `id_label`, see [`MetricGroup`](macro@MetricGroup#rules).
///
/// ## `crate` (on the struct)
///
/// **Type:** an absolute path in a string. **Default:** `::metrics_core`, or the name that the manifest gives it.
///
/// # Example
///
/// ```
/// use metrics_core::{Capped, LabelSet};
///
/// #[derive(Clone, LabelSet)]
/// struct Tenant {
///     #[label(rename = "tenant")]
///     name: Capped<100>,
///     paid: bool,
/// }
///
/// assert_eq!(Tenant::DIMENSIONS.iter().map(|label| label.name()).collect::<Vec<_>>(), ["tenant", "paid"]);
/// ```
#[proc_macro_derive(LabelSet, attributes(label))]
pub fn derive_label_set(item: TokenStream) -> TokenStream {
    metrics_codegen::derive_label_set(item.into()).into()
}

/// Makes a struct a group of metrics: every field is one, its doc comment is the help text, and the group's namespace and
/// the field's name are the metric's name. Fields without names say `name`, and a unit struct is a group of nothing.
///
/// The struct gets `global()`, the instance that is registered and on the page without being touched,
/// `register_in(&registry)` and `unregistered()`, with the struct's own visibility.
///
/// # Arguments of `#[metrics(…)]`, on the struct
///
/// ## `namespace`, `subsystem`
///
/// **Type:** string. **Default:** none. What stands before the names: `namespace_subsystem_field`.
///
/// ## `labels(name = "value", …)`
///
/// Constant labels on all metrics of the group and of those inside it. A value may be a constant or a macro as `env!`.
///
/// ## `registry = PATH`
///
/// **Default:** the global registry. The static, such as a `LazyLock<Registry>`, in which `global()` is registered.
///
/// ## `global`
///
/// **Type:** `true` or `false`. **Default:** `true`; a generic group has no global instance.
///
/// ## `allow(rule, …)`
///
/// [Rules](#rules) that do not hold in this group.
///
/// ## `crate`
///
/// **Type:** an absolute path in a string. **Default:** `::metrics_core`, or the name that the manifest gives it.
///
/// # Arguments of `#[metric(…)]`, on a field
///
/// ## `name`
///
/// **Type:** string, or a constant. **Default:** the field's name, of an `Info` without a `_` in front and with `_info` at the
/// end. What stands after the namespace. Fields of one name are one family, where their constant `labels` have other values.
///
/// ## `renamed_from`
///
/// **Type:** string. **Default:** none. The metric's former name, whole with its namespace. The page has the same series under both
/// names until this argument is removed. A `StateSet` and the types of the `prometheus` crate have one name.
///
/// ## `help`
///
/// **Type:** string, or a constant. **Default:** the field's doc comment.
///
/// ## `unit`
///
/// **Type:** string. **Default:** none. The name ends with it.
///
/// ## `labels(name = "value", …)`
///
/// Constant labels. Labels that vary make a `Family`; for a `*Vec` of the `prometheus` crate they are names alone:
/// `labels(method, status)`.
///
/// ## `buckets(…)`, `exponential(start, factor, count)`, `linear(start, width, count)`
///
/// **Default:** by the unit: seconds as most libraries, bytes, or ratios. The bounds of a histogram, without `+Inf`;
/// `buckets = BOUNDS` takes a constant.
///
/// ## `native`, `native(only)`
///
/// Native buckets beside the classic ones, or instead of them: see `Definition::native`.
///
/// ## `quantiles(0.5, 0.9, 0.99)`, `window = "10m"`
///
/// **Default:** none; ten minutes. The quantiles of a `Summary` over a sliding window, each off by at most 1 % of itself.
///
/// ## `ttl = "10m"`
///
/// **Type:** string, a whole number and `ms`, `s`, `m`, `h` or `d`. **Default:** series stay. In a family with a capped label, a
/// series that has not changed for so long is forgotten, and its strings make room for others.
///
/// ## `when = condition`
///
/// For an `Option` of a metric or a group: whether it is there, looked at when the instance is made; `None` where it is not.
///
/// ## `skip`
///
/// The field is no metric and made with `Default`.
///
/// ## `flatten`, `nested = "part"`
///
/// The field is a group itself; `nested` adds a part to its names.
///
/// ## `allow(rule, …)`
///
/// [Rules](#rules) that do not hold for this metric.
///
/// # Rules
///
/// Errors, each with the name by which `allow` opts out. What is a constant or a type by another name is checked where the
/// compiler knows it, and so are the names of groups inside this one:
///
/// | rule | requirement | from |
/// |---|---|---|
/// | | names have letters, digits and `_`; labels are not `le`, `quantile` or `_…`; buckets are finite and increase | data model |
/// | `no_help` | a metric has a help text | promtool |
/// | `base_unit`, `abbreviated_unit` | seconds, bytes, meters, …, in full | promtool |
/// | `counter_total`, `total_suffix` | counters end in `_total`, and nothing else | promtool |
/// | `reserved_suffix` | `_bucket`, `_count`, `_sum` are series of histograms | promtool |
/// | `type_in_name`, `colon`, `camel_case` | no type, no `:`, `snake_case` | promtool |
/// | `leading_underscore` | no `_` in front; an info ends in `_info`, always | OpenMetrics |
/// | `unit_suffix` | a name ends with its `unit` | OpenMetrics |
/// | `seconds_suffix`, `bytes_suffix` | histograms of `…_duration`, `…_latency` and `…_time` end in `_seconds`, those of `body_size`, `request_size` and the like in `_bytes` | practice |
/// | `timestamp_suffix`, `ratio_suffix` | `_timestamp_seconds`, `_ratio` and no percent | practice |
/// | `ratio_range` | buckets of a ratio end at 1 | practice |
/// | `label_product` | at most 1000 series from the start | cardinality |
/// | `duplicate_name`, `suffix_clash` | a series has one owner: no `x_count` beside the histogram `x`, no name twice unless constant labels tell the two apart | formats |
///
/// Warnings, which are lints of the compiler (`deprecated`) on the word that they are about. In a generic group they are about
/// what does not depend on its parameters; `metrics_core::testing::lint` gives them of an instance too:
///
/// | rule | advice |
/// |---|---|
/// | `target_label` | `job`, `instance`, `zone`, `env`, … are labels of the scraped target |
/// | `label_type` | a label `type` does not name the type of what |
/// | `label_in_name` | a label's name is part of the metric's name |
/// | `id_label` | `user_id`, `path`, `session`, … have a series for each user or request |
/// | `many_series` | more than 100 series from the start |
/// | `noise_word` | metric, timer, stats, counter, prometheus |
/// | `scrape_prefix` | `scrape_…` is Prometheus' own |
/// | `no_namespace` | a group with a global instance has a namespace |
///
/// # Example
///
/// ```
/// use metrics_core::{Counter, Family, Gauge, Histogram, LabelSet, MetricGroup, Registry};
///
/// #[derive(Clone, LabelSet)]
/// struct Outcome {
///     won: bool,
/// }
///
/// /// Matches and players.
/// #[derive(MetricGroup)]
/// #[metrics(namespace = "arena")]
/// struct ArenaMetrics {
///     /// Matches by outcome.
///     matches_total: Family<Outcome, Counter>,
///     /// Players online.
///     active_players: Gauge,
///     /// Size of a team.
///     #[metric(buckets(1, 2, 5))]
///     team_size: Histogram,
/// }
///
/// let metrics = ArenaMetrics::global();
/// metrics.matches_total.with(Outcome { won: true }).inc();
/// metrics.active_players.set(2);
/// let page = Registry::global().text();
/// assert!(page.contains("arena_matches_total{won=\"false\"} 0\narena_matches_total{won=\"true\"} 1\n"));
/// assert!(page.contains("# HELP arena_active_players Players online.\n"));
/// assert!(page.contains("arena_team_size_bucket{le=\"5\"} 0\n"));
/// ```
#[proc_macro_derive(MetricGroup, attributes(metrics, metric))]
pub fn derive_metric_group(item: TokenStream) -> TokenStream {
    metrics_codegen::derive_metric_group(item.into()).into()
}
