//! What is checked about constants, where their values are known.

use metrics_lint::Rule;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{
    expand::at,
    model::{Bounds, Family, Kind, Metric, Site},
};
use crate::attr::Text;

/// Assertions about the constants that a function's attributes name, each on the word that names it.
pub(super) fn assertions(site: &Site) -> TokenStream {
    let names = site.metrics.iter().filter_map(|metric| name(site, metric));
    let helps = site.metrics.iter().filter_map(|metric| help(site, metric));
    let bounds = site.metrics.iter().filter_map(|metric| buckets(site, metric));
    quote!(#(#names)* #(#helps)* #(#bounds)*)
}

fn name(site: &Site, metric: &Metric) -> Option<TokenStream> {
    let Family::Own { name: Text::Constant(name), .. } = &metric.family else { return None };
    let (there, krate) = (at(name), &site.krate);
    let (kind, allowed) = (metric.kind.instrument(), &metric.allowed);
    Some(asserted(
        site,
        there,
        "assert_metric",
        &quote!(#name, #krate::__private::InstrumentKind::#kind, &[#(#allowed),*]),
    ))
}

fn help(site: &Site, metric: &Metric) -> Option<TokenStream> {
    let Family::Own { help: Text::Constant(help), .. } = &metric.family else { return None };
    if metric.allowed.contains(&Rule::NoHelp.name()) {
        return None;
    }
    Some(asserted(site, at(help), "assert_help", help))
}

/// The bounds are right, and the latency of the objective that is judged by them is one.
fn buckets(site: &Site, metric: &Metric) -> Option<TokenStream> {
    let Some(Bounds::Constant(path)) = &metric.buckets else { return None };
    let there = at(path);
    let bounds = asserted(site, there, "assert_buckets", &quote_spanned!(there=> &#path));
    let objective = site.objective.as_ref().filter(|objective| objective.is_within(metric));
    let latency = objective.and_then(|objective| objective.latency.as_ref()).map(|latency| {
        let seconds = Literal::f64_suffixed(latency.seconds);
        let there = at(&latency.literal);
        asserted(site, there, "assert_latency", &quote_spanned!(there=> &#path, #seconds))
    });
    Some(quote!(#bounds #latency))
}

fn asserted(site: &Site, there: Span, assertion: &str, arguments: &impl ToTokens) -> TokenStream {
    let (krate, assertion) = (&site.krate, Ident::new(assertion, there));
    let call = quote_spanned!(there=> #krate::__private::#assertion(#arguments));
    // The error is where the call is, and that is where its first word is.
    let call: TokenStream = call
        .into_iter()
        .map(|mut token| {
            token.set_span(token.span().located_at(there));
            token
        })
        .collect();
    quote_spanned!(there=> const _: () = #call;)
}

impl Kind {
    /// The name of the `InstrumentKind`.
    fn instrument(self) -> Ident {
        let name = match self {
            Self::Calls => "Calls",
            Self::Duration => "Duration",
            Self::InFlight => "InFlight",
        };
        Ident::new(name, Span::mixed_site())
    }
}
