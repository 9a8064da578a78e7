//! The metric type of a field, as far as the name of its type tells.

use metrics_lint::MetricType;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// The metric type that the last segment of the path names; the trait system decides about other names.
pub(crate) fn of(field: &Type) -> MetricType {
    match field {
        Type::Path(path) => path.path.segments.last().map_or(MetricType::Unknown, of_segment),
        Type::Group(inner) => of(&inner.elem),
        Type::Paren(inner) => of(&inner.elem),
        _ => MetricType::Unknown,
    }
}

/// Returns `true` for a family, whose labels only the type knows.
pub(crate) fn has_labels(field: &Type) -> bool {
    match last_segment(field) {
        Some(last) if last.ident == "Option" => last_argument(last).is_some_and(has_labels),
        last => last.is_some_and(|last| last.ident == "Family"),
    }
}

/// The label set of a family.
pub(crate) fn label_set(field: &Type) -> Option<&Type> {
    match last_segment(field) {
        Some(last) if last.ident == "Option" => last_argument(last).and_then(label_set),
        last => last.filter(|last| last.ident == "Family").and_then(first_argument),
    }
}

/// Returns `true` for a `*Vec` of the `prometheus` crate, whose labels the attribute names.
pub(crate) fn names_labels(field: &Type) -> bool {
    match last_segment(field) {
        Some(last) if last.ident == "Option" || last.ident == "UnregisterOnDrop" => {
            last_argument(last).is_some_and(names_labels)
        }
        last => last.is_some_and(|last| last.ident != "Vec" && last.ident.to_string().ends_with("Vec")),
    }
}

/// Returns `true` for an `Option`.
pub(crate) fn is_option(field: &Type) -> bool {
    of_option(field).is_some()
}

/// The argument of an `Option`.
pub(crate) fn of_option(field: &Type) -> Option<&Type> {
    last_segment(field).filter(|last| last.ident == "Option").and_then(last_argument)
}

fn last_segment(field: &Type) -> Option<&PathSegment> {
    match field {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(inner) => last_segment(&inner.elem),
        Type::Paren(inner) => last_segment(&inner.elem),
        _ => None,
    }
}

fn of_segment(last: &PathSegment) -> MetricType {
    match last.ident.to_string().as_str() {
        "Counter" | "CounterFn" | "IntCounter" | "CounterVec" | "IntCounterVec" => MetricType::Counter,
        "Gauge" | "GaugeFn" | "StateSet" | "IntGauge" | "GaugeVec" | "IntGaugeVec" => MetricType::Gauge,
        "Histogram" | "HistogramVec" => MetricType::Histogram,
        "Summary" => MetricType::Summary,
        "Info" => MetricType::Info,
        "Family" | "Option" | "UnregisterOnDrop" => last_argument(last).map_or(MetricType::Unknown, of),
        _ => MetricType::Unknown,
    }
}

fn first_argument(segment: &PathSegment) -> Option<&Type> {
    arguments(segment).next()
}

fn last_argument(segment: &PathSegment) -> Option<&Type> {
    arguments(segment).next_back()
}

fn arguments(segment: &PathSegment) -> impl DoubleEndedIterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    };
    arguments.into_iter().flat_map(|arguments| &arguments.args).filter_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{MetricType, of};

    #[test]
    fn kinds_by_the_last_word() {
        assert_eq!(of(&parse_quote!(metrics_core::Counter<f64>)), MetricType::Counter);
        assert_eq!(of(&parse_quote!(Family<Labels, Histogram>)), MetricType::Histogram);
        assert_eq!(of(&parse_quote!(Option<Family<Labels, Gauge<f64>>>)), MetricType::Gauge);
        assert_eq!(of(&parse_quote!(CacheMetrics)), MetricType::Unknown);
        assert_eq!(of(&parse_quote!((u8, u8))), MetricType::Unknown);
    }
}
