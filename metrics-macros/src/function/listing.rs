//! The list of its metrics in a function's documentation.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;

use super::{
    expand::ours,
    model::{Family, Kind, LabelValue, Metric, Site},
};
use crate::attr::Text;

/// What stands for the function's module until the compiler knows it.
const MODULE: &str = "\u{0}";

/// Prometheus' address, at which queries become links.
const ADDRESS: &str = "PROMETHEUS_URL";

/// `0`, `off` or `false` here leaves the list out everywhere.
const SWITCH: &str = "METRICS_DOCS";

/// One attribute with the list, for builds of the documentation alone: others do not pay for it, and a function without a
/// comment of its own is still found by `missing_docs`.
pub(crate) fn attribute(site: &Site) -> Option<TokenStream> {
    let switched_off =
        std::env::var(SWITCH).is_ok_and(|value| ["0", "off", "false"].contains(&value.as_str()));
    if !site.documented || switched_off {
        return None;
    }
    let address = std::env::var(ADDRESS).ok().filter(|address| !address.is_empty());
    let text = text(site, address.as_deref());
    let parts = text.split(MODULE).enumerate().map(|(at, part)| {
        let module = (at > 0).then(|| quote_spanned!(ours()=> ::core::module_path!(),));
        quote_spanned!(ours()=> #module #part,)
    });
    Some(quote_spanned!(ours()=> #[cfg_attr(doc, doc = ::core::concat!(#(#parts)*))]))
}

fn text(site: &Site, address: Option<&str>) -> String {
    let mut text = "\n<details><summary>Metrics</summary>\n\n".to_owned();
    for metric in &site.metrics {
        let (name, _) = series(site, metric);
        if matches!(&metric.family, Family::Own { name: Text::Constant(_), .. }) {
            let _ = writeln!(text, "* the metric whose name is `{name}`");
            continue;
        }
        let queries = queries(site, metric).into_iter().map(|(what, query)| match address {
            Some(address) => {
                let address = address.trim_end_matches('/');
                format!("[{what}](<{address}/graph?g0.expr={}&g0.tab=0>)", encoded(&query))
            }
            None => format!("{what} `{query}`"),
        });
        let queries = queries.collect::<Vec<_>>().join(if address.is_some() { ", " } else { "\n  * " });
        let between = if address.is_some() { " " } else { "\n  * " };
        // Writing to a string does not fail.
        let _ = writeln!(text, "* `{name}`:{between}{queries}");
    }
    text.push_str("\n</details>");
    text
}

/// The name of a metric and the labels that are the same in all calls of the function.
fn series(site: &Site, metric: &Metric) -> (String, Vec<String>) {
    match &metric.family {
        Family::Default => (
            metric.kind.default_name().to_owned(),
            vec![matcher("function", &site.function), format!("module=\"{MODULE}\"")],
        ),
        Family::Own { name, labels, .. } => {
            let constants = labels.iter().filter_map(|label| match &label.value {
                LabelValue::Constant(text) => {
                    Some(matcher(&label.name.unraw().to_string(), &text.literal()?))
                }
                _ => None,
            });
            (name.shown(), constants.collect())
        }
    }
}

fn matcher(label: &str, value: &str) -> String {
    let value = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n").replace(MODULE, "");
    format!("{label}=\"{value}\"")
}

/// What to ask Prometheus about a metric.
fn queries(site: &Site, metric: &Metric) -> Vec<(&'static str, String)> {
    let (name, labels) = series(site, metric);
    let selected = |suffix: &str, more: Option<&str>| {
        let all: Vec<&str> = labels.iter().map(String::as_str).chain(more).collect();
        let braces = if all.is_empty() { String::new() } else { format!("{{{}}}", all.join(",")) };
        format!("{name}{suffix}{braces}")
    };
    let rate = |suffix, more| format!("sum(rate({}[5m]))", selected(suffix, more));
    let failed = Some("result=~\"error|panicked\"");
    let suffix = if metric.kind == Kind::Duration { "_count" } else { "" };
    let mut queries = match metric.kind {
        Kind::InFlight => vec![("under way", format!("sum({})", selected("", None)))],
        Kind::Calls => vec![("rate", rate("", None))],
        Kind::Duration => vec![(
            "95th percentile",
            format!("histogram_quantile(0.95, sum by (le) (rate({}[5m])))", selected("_bucket", None)),
        )],
    };
    if metric.has_every_ending() {
        queries.push(("error ratio", format!("{} / {}", rate(suffix, failed), rate(suffix, None))));
    }
    queries
}

/// A query in an address. The module's place stays; a path has nothing to encode but what is legal in a query.
fn encoded(query: &str) -> String {
    query.bytes().fold(String::with_capacity(query.len() * 2), |mut encoded, byte| {
        let stays =
            byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || MODULE.as_bytes().contains(&byte);
        if stays {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

impl Kind {
    fn default_name(self) -> &'static str {
        match self {
            Self::Calls => "function_calls_total",
            Self::Duration => "function_calls_duration_seconds",
            Self::InFlight => "function_calls_concurrent",
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Span, TokenStream};

    use super::{MODULE, encoded, text};
    use crate::{
        ctxt,
        function::{
            Attribute, Site,
            model::Context,
            parse::{Place, RawAttribute},
        },
    };

    fn listed(attribute: Attribute, arguments: &str, address: Option<&str>) -> String {
        text(&site(attribute, arguments), address).replace(MODULE, "app::input")
    }

    fn site(attribute: Attribute, arguments: &str) -> Site {
        let arguments: TokenStream = arguments.parse().expect("tokens");
        let item = syn::parse::Parser::parse_str(
            |input: syn::parse::ParseStream<'_>| crate::item_fn::ItemFn::parse_after(Vec::new(), input),
            "fn parse() {}",
        );
        let item = item.expect("a function");
        let site = ctxt::collect(|cx| {
            let raw = RawAttribute::parse(cx, attribute, Place::Function, Span::call_site(), arguments);
            Site::new(cx, vec![raw], item, Context::default())
        });
        site.unwrap_or_else(|errors| panic!("{errors}"))
    }

    #[test]
    fn the_list_can_be_left_out() {
        assert!(super::attribute(&site(Attribute::Observed, "")).is_some());
        assert!(super::attribute(&site(Attribute::Observed, "docs = true")).is_some());
        assert!(super::attribute(&site(Attribute::Observed, "docs = false")).is_none());
    }

    #[test]
    fn constants_are_named() {
        assert_eq!(
            listed(Attribute::Counted, "name = names::READS, help = HELP", None),
            "\n<details><summary>Metrics</summary>\n\n* the metric whose name is `names::READS`\n\n</details>"
        );
    }

    #[test]
    fn plain_lists_have_the_queries() {
        assert_eq!(
            listed(Attribute::Observed, "", None),
            r#"
<details><summary>Metrics</summary>

* `function_calls_total`:
  * rate `sum(rate(function_calls_total{function="parse",module="app::input"}[5m]))`
  * error ratio `sum(rate(function_calls_total{function="parse",module="app::input",result=~"error|panicked"}[5m])) / sum(rate(function_calls_total{function="parse",module="app::input"}[5m]))`
* `function_calls_duration_seconds`:
  * 95th percentile `histogram_quantile(0.95, sum by (le) (rate(function_calls_duration_seconds_bucket{function="parse",module="app::input"}[5m])))`
* `function_calls_concurrent`:
  * under way `sum(function_calls_concurrent{function="parse",module="app::input"})`

</details>"#
        );
    }

    #[test]
    fn with_an_address_queries_are_links() {
        let arguments = r#"name = "reads_total", help = "Reads.", labels(site = "e\"u")"#;
        assert_eq!(
            listed(Attribute::Counted, arguments, Some("http://prometheus:9090/")),
            "\n<details><summary>Metrics</summary>\n\n\
             * `reads_total`: [rate](<http://prometheus:9090/graph?g0.expr=sum%28rate%28reads_total%7Bsite%3D%22e%5C%22u%22%7D%5B5m%5D%29%29&g0.tab=0>)\n\
             \n</details>"
        );
    }

    #[test]
    fn addresses_are_percent_encoded() {
        assert_eq!(encoded("a{b=~\"c|d\"} / 2 ü"), "a%7Bb%3D~%22c%7Cd%22%7D%20%2F%202%20%C3%BC");
    }
}
