//! The constant that declares a function's metrics.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;

use super::{
    dimensions::{Dimension, DimensionValue},
    expand::{at, ours},
    model::{Family, Kind, Label, LabelValue, Metric, Site},
    parse::Ending,
    signature::{Parameter, Source},
};

/// The static of the call site and its place in the link-time list.
pub(crate) fn declare(site: &Site) -> TokenStream {
    let Site { krate, function, arguments, .. } = site;
    let arguments = Literal::usize_unsuffixed(*arguments);
    let dimensions = site.dimensions.iter().map(|dimension| in_static(site, dimension));
    let instruments = site.metrics.iter().map(|metric| instrument(site, metric));
    quote_spanned! {ours()=>
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
        static __METRICS_SITE: #krate::__private::CallSite =
            #krate::__private::CallSite::new(&#krate::__private::SiteDeclaration {
                function: #function,
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                dimensions: &[#(#dimensions),*],
                arguments: #arguments,
                instruments: &[#(#instruments),*],
            });
        #krate::__private::submit_site!(&__METRICS_SITE);
    }
}

fn instrument(site: &Site, metric: &Metric) -> TokenStream {
    match &metric.family {
        Family::Default => default_family(site, metric),
        Family::Own { name, help, labels, .. } => {
            let krate = &site.krate;
            let kind = metric.kind.variant();
            let labels = labels.iter().map(|label| instrument_label(site, label));
            let only = only(site, metric.only);
            let buckets = match (&metric.buckets, metric.kind) {
                (Some(buckets), _) => buckets.to_token_stream(),
                (None, Kind::Duration) => quote_spanned!(ours()=> #krate::__private::DEFAULT_BUCKETS),
                (None, _) => quote_spanned!(ours()=> &[]),
            };
            quote_spanned! {ours()=>
                #krate::__private::Instrument {
                    kind: #krate::__private::InstrumentKind::#kind,
                    name: #name,
                    help: #help,
                    labels: &[#(#labels),*],
                    only: #only,
                    buckets: #buckets,
                }
            }
        }
    }
}

/// The family that functions without a name share: a constant of the runtime. Of the arguments, `only` alone is legal there.
fn default_family(site: &Site, metric: &Metric) -> TokenStream {
    let krate = &site.krate;
    let constant = match metric.kind {
        Kind::Calls => quote_spanned!(ours()=> CALLS),
        Kind::Duration => quote_spanned!(ours()=> DURATION),
        Kind::InFlight => quote_spanned!(ours()=> IN_FLIGHT),
    };
    if metric.only.is_none() {
        return quote_spanned!(ours()=> #krate::__private::#constant);
    }
    let only = only(site, metric.only);
    quote_spanned!(ours()=> #krate::__private::Instrument { only: #only, ..#krate::__private::#constant })
}

fn instrument_label(site: &Site, label: &Label) -> TokenStream {
    let krate = &site.krate;
    let kind = quote_spanned!(ours()=> #krate::__private::InstrumentLabel);
    let place = match &label.value {
        LabelValue::Ending => return quote_spanned!(ours()=> #kind::Result),
        LabelValue::Constant(text) => {
            let name = label.name.unraw().to_string();
            return quote_spanned!(ours()=> #kind::Constant(#name, #text));
        }
        LabelValue::Argument(place) => *place,
        LabelValue::Returned(place) => site.arguments + place,
    };
    let place = Literal::usize_unsuffixed(place);
    quote_spanned!(ours()=> #kind::Dimension(#place))
}

fn only(site: &Site, only: Option<Ending>) -> TokenStream {
    let krate = &site.krate;
    let ending = match only {
        None => return quote_spanned!(ours()=> ::core::option::Option::None),
        Some(Ending::Ok) => quote_spanned!(ours()=> Ok),
        Some(Ending::Error) => quote_spanned!(ours()=> Error),
        Some(Ending::Cancelled) => quote_spanned!(ours()=> Cancelled),
        Some(Ending::Panicked) => quote_spanned!(ours()=> Panicked),
    };
    quote_spanned!(ours()=> ::core::option::Option::Some(#krate::__private::Ending::#ending))
}

/// A dimension as an item inside the function can say it.
fn in_static(site: &Site, dimension: &Dimension) -> TokenStream {
    let none = || quote_spanned!(ours()=> ::core::option::Option::None);
    constant(site, dimension)
        .map_or_else(none, |dimension| quote_spanned!(ours()=> ::core::option::Option::Some(#dimension)))
}

/// A dimension as the call can say it.
pub(crate) fn in_call(site: &Site, dimension: &Dimension) -> TokenStream {
    let krate = &site.krate;
    let name = &dimension.name;
    constant(site, dimension).unwrap_or_else(|| match &dimension.value {
        DimensionValue::Returned(closure) => {
            let returned = super::signature::local_type(&site.signature);
            quote_spanned! {at(closure)=>
                #krate::__private::returned_dimension(#name, |(__metrics_returned,): (&#returned,)| {
                    #krate::__private::type_of(&#krate::__private::apply(__metrics_returned, #closure))
                })
            }
        }
        DimensionValue::Argument(value) | DimensionValue::Capped(value, _) => {
            quote_spanned!(at(value)=> #krate::__private::dimension_of(#name, &(#value)))
        }
    })
}

/// A dimension whose type is known outside the call: written, or the type of an expression in a closure that is never
/// called and has the function's own parameters.
fn constant(site: &Site, dimension: &Dimension) -> Option<TokenStream> {
    let krate = &site.krate;
    let name = &dimension.name;
    let dimension_path = quote_spanned!(ours()=> #krate::__private::Dimension);
    Some(match (&dimension.source, &dimension.value) {
        (_, DimensionValue::Capped(_, limit)) => {
            let limit = Literal::usize_unsuffixed(*limit);
            quote_spanned!(ours()=> #dimension_path::capped(#name, #limit))
        }
        (Source::Call | Source::Text, _) => return None,
        (Source::Written(kind), DimensionValue::Returned(_)) => {
            quote_spanned!(ours()=> #dimension_path::of::<::core::option::Option<#kind>>(#name))
        }
        (Source::Written(kind), DimensionValue::Argument(_)) => {
            quote_spanned!(ours()=> #dimension_path::of::<#kind>(#name))
        }
        (Source::Parameters(parameters), DimensionValue::Argument(value)) => {
            let (patterns, kinds) = split(parameters);
            quote_spanned! {at(value)=>
                #krate::__private::dimension(#name, |(#(#patterns,)*): (#(#kinds,)*)| {
                    #krate::__private::type_of(&(#value))
                })
            }
        }
        (Source::Parameters(parameters), DimensionValue::Returned(closure)) => {
            let (patterns, kinds) = split(parameters);
            quote_spanned! {at(closure)=>
                #krate::__private::returned_dimension(#name, |(#(#patterns,)*): (#(&#kinds,)*)| {
                    #krate::__private::type_of(&#krate::__private::apply(#(#patterns)*, #closure))
                })
            }
        }
    })
}

fn split(parameters: &[Parameter]) -> (Vec<&syn::Pat>, Vec<&syn::Type>) {
    parameters.iter().map(|parameter| (&parameter.pattern, &parameter.kind)).unzip()
}

impl Kind {
    /// The variant of `InstrumentKind`.
    fn variant(self) -> TokenStream {
        match self {
            Self::Calls => quote_spanned!(ours()=> Calls),
            Self::Duration => quote_spanned!(ours()=> Duration),
            Self::InFlight => quote_spanned!(ours()=> InFlight),
        }
    }

    /// The kind as the rules for names know it.
    pub(crate) fn of_name(self) -> crate::lint::Kind {
        match self {
            Self::Calls => crate::lint::Kind::Counter,
            Self::Duration => crate::lint::Kind::Histogram,
            Self::InFlight => crate::lint::Kind::Gauge,
        }
    }
}
