use proc_macro2::{Span, TokenStream};

use super::{MODULE, documentation, encoded, metric_list};
use crate::{
    errors,
    function::{
        kind::Attribute,
        known_arguments::AttributeTarget,
        model::{AnnotatedFunction, Context},
        parse::WrittenAttribute,
    },
};

fn listed(attribute: Attribute, arguments: &str, address: Option<&str>) -> String {
    metric_list(&annotated(attribute, arguments), address).replace(MODULE, "app::input")
}

fn annotated(attribute: Attribute, arguments: &str) -> AnnotatedFunction {
    let arguments: TokenStream = arguments.parse().expect("tokens");
    let item = syn::parse::Parser::parse_str(
        |input: syn::parse::ParseStream<'_>| crate::item::ItemFn::parse_after(Vec::new(), input),
        "fn parse() {}",
    );
    let item = item.expect("a function");
    let function = errors::collect(|cx| {
        let raw =
            WrittenAttribute::parse(cx, attribute, AttributeTarget::Function, Span::call_site(), arguments);
        AnnotatedFunction::new(cx, vec![raw], item, Context::default())
    });
    function.unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn the_list_can_be_left_out() {
    assert!(documentation(&annotated(Attribute::Observed, "")).is_some());
    assert!(documentation(&annotated(Attribute::Observed, "docs = true")).is_some());
    assert!(documentation(&annotated(Attribute::Observed, "docs = false")).is_none());
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
  * in flight `sum(function_calls_concurrent{function="parse",module="app::input"})`

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
