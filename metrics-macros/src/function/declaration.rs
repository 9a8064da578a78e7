//! The constant that declares a function's metrics.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;

use super::{
    constants,
    dimensions::{Dimension, DimensionValue},
    expand::{at, ours},
    model::{Bounds, Family, Kind, Label, LabelValue, Metric, Site},
    parse::Ending,
    signature::{self, Parameter, Source},
};

/// The static of the call site and its place in the link-time list.
pub(crate) fn declare(site: &Site) -> TokenStream {
    let Site { krate, function, .. } = site;
    let place = &site.idents.site;
    let dimensions = dimensions(site);
    let instruments = instruments(site);
    let registry = site.registry.as_ref().map(
        |registry| quote_spanned!(at(registry)=> registry: ::core::option::Option::Some(|| &#registry),),
    );
    // Clippy minds a base that gives nothing.
    let rest = (dimensions.is_none() || registry.is_none())
        .then(|| quote_spanned!(ours()=> ..#krate::__private::SiteDeclaration::PLAIN));
    let assertions = constants::assertions(site);
    quote_spanned! {ours()=>
        #assertions
        static #place: #krate::__private::CallSite =
            #krate::__private::CallSite::new(&#krate::__private::SiteDeclaration {
                function: #function,
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                #dimensions
                instruments: #instruments,
                #registry
                #rest
            });
        #krate::__private::submit_site!(&#place);
    }
}

/// The labels that a call computes, where there are any.
fn dimensions(site: &Site) -> Option<TokenStream> {
    let arguments = Literal::usize_unsuffixed(site.arguments);
    let dimensions = site.dimensions.iter().map(|dimension| in_static(site, dimension));
    let fields = quote_spanned! {ours()=>
        dimensions: &[#(#dimensions),*],
        arguments: #arguments,
    };
    (!site.dimensions.is_empty()).then_some(fields)
}

/// The metrics; those of a plain `#[observed]` have a name.
fn instruments(site: &Site) -> TokenStream {
    let krate = &site.krate;
    let kinds = site.metrics.iter().map(|metric| metric.kind);
    let is_plain = |metric: &Metric| matches!(metric.family, Family::Default) && metric.only.is_none();
    if site.objective.is_none()
        && site.metrics.iter().all(is_plain)
        && kinds.eq([Kind::Calls, Kind::Duration, Kind::InFlight])
    {
        return quote_spanned!(ours()=> #krate::__private::Instrument::OBSERVED);
    }
    let instruments = (0..site.metrics.len()).map(|place| instrument(site, place));
    quote_spanned!(ours()=> &[#(#instruments),*])
}

/// A metric: the default family of its kind, with what is different.
fn instrument(site: &Site, place: usize) -> Option<TokenStream> {
    let krate = &site.krate;
    let metric = site.metrics.get(place)?;
    let kind = metric.kind.constant();
    let own = own_family(site, metric);
    let only = metric.only.map(|only| only_ending(site, only));
    let native = metric.native.map(|native| {
        let native = native.tokens(krate);
        quote_spanned!(ours()=> native: ::core::option::Option::Some(#native),)
    });
    let buckets = metric.buckets.as_ref().map(|bounds| {
        let bounds = bounds_of(bounds);
        quote_spanned!(ours()=> buckets: #bounds,)
    });
    let judged = site.objective.as_ref().filter(|objective| objective.judges(&site.metrics, place));
    let objective = judged.map(|objective| {
        let objective = objective.tokens(krate);
        quote_spanned!(ours()=> objective: ::core::option::Option::Some(&#objective),)
    });
    let base = quote_spanned!(ours()=> #krate::__private::Instrument::#kind);
    let fields = quote_spanned!(ours()=> #own #only #buckets #native #objective);
    if fields.is_empty() {
        return Some(base);
    }
    Some(quote_spanned!(ours()=> #krate::__private::Instrument { #fields ..#base }))
}

fn bounds_of(bounds: &Bounds) -> TokenStream {
    match bounds {
        Bounds::Listed(listed) => listed.to_token_stream(),
        // An array as well as a slice.
        Bounds::Constant(path) => quote_spanned! {at(path)=>
            { const __METRICS_BOUNDS: &[::core::primitive::f64] = &#path; __METRICS_BOUNDS }
        },
    }
}

fn own_family(site: &Site, metric: &Metric) -> Option<TokenStream> {
    let Family::Own { name, help, labels, .. } = &metric.family else { return None };
    let labels = labels.iter().map(|label| instrument_label(site, label));
    Some(quote_spanned!(ours()=> name: #name, help: #help, labels: &[#(#labels),*],))
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

fn only_ending(site: &Site, only: Ending) -> TokenStream {
    let krate = &site.krate;
    let ending = match only {
        Ending::Ok => quote_spanned!(ours()=> Ok),
        Ending::Error => quote_spanned!(ours()=> Error),
        Ending::Cancelled => quote_spanned!(ours()=> Cancelled),
        Ending::Panicked => quote_spanned!(ours()=> Panicked),
    };
    quote_spanned!(ours()=> only: ::core::option::Option::Some(#krate::__private::Outcome::#ending),)
}

/// A dimension as an item inside the function can say it.
fn in_static(site: &Site, dimension: &Dimension) -> TokenStream {
    let none = || quote_spanned!(ours()=> ::core::option::Option::None);
    constant(site, dimension)
        .map_or_else(none, |dimension| quote_spanned!(ours()=> ::core::option::Option::Some(#dimension)))
}

/// A dimension as the call can say it.
pub(crate) fn in_call(site: &Site, dimension: &Dimension) -> TokenStream {
    let (krate, returned) = (&site.krate, &site.idents.returned);
    let name = &dimension.name;
    constant(site, dimension).unwrap_or_else(|| match &dimension.value {
        DimensionValue::Returned(closure) => {
            let kind = signature::local_type(&site.signature);
            quote_spanned! {at(closure)=>
                #krate::__private::returned_dimension(#name, |(#returned,): (&#kind,)| {
                    #krate::__private::type_of(&#krate::__private::apply(#returned, #closure))
                })
            }
        }
        DimensionValue::Error(closure) => {
            let kind = signature::local_type(&site.signature);
            quote_spanned! {at(closure)=>
                #krate::__private::dimension(#name, |(#returned,): (&#kind,)| {
                    #krate::__private::type_of(&#krate::__private::error_of(#returned, #closure))
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
        (Source::Written(kind), DimensionValue::Returned(_) | DimensionValue::Error(_)) => {
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
        (Source::Parameters(parameters), DimensionValue::Error(closure)) => {
            let (patterns, kinds) = split(parameters);
            quote_spanned! {at(closure)=>
                #krate::__private::dimension(#name, |(#(#patterns,)*): (#(&#kinds,)*)| {
                    #krate::__private::type_of(&#krate::__private::error_of(#(#patterns)*, #closure))
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
    /// The constant of `Instrument`.
    pub(super) fn constant(self) -> TokenStream {
        match self {
            Self::Calls => quote_spanned!(ours()=> CALLS),
            Self::Duration => quote_spanned!(ours()=> DURATION),
            Self::InFlight => quote_spanned!(ours()=> IN_FLIGHT),
        }
    }

    /// The kind as the rules for names know it.
    pub(crate) fn of_name(self) -> metrics_lint::MetricType {
        match self {
            Self::Calls => metrics_lint::MetricType::Counter,
            Self::Duration => metrics_lint::MetricType::Histogram,
            Self::InFlight => metrics_lint::MetricType::Gauge,
        }
    }
}
