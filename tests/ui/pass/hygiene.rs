//! Scopes in which nothing has its usual meaning.

#![deny(warnings)]
#![forbid(unsafe_code)]
// The forms are what is tested.
#![allow(clippy::needless_pass_by_value, clippy::unused_async)]

extern crate metrics_core as another_name;

use tests::futures;

/// The crate's items under a path of one's own.
mod facade {
    pub use metrics_core::*;
}

mod no_prelude {
    #![no_implicit_prelude]

    #[derive(::metrics_core::LabelValue)]
    #[label(rename_all = "kebab-case")]
    pub enum Kind {
        Some,
        None,
    }

    #[derive(::metrics_core::LabelSet)]
    pub struct Kinds {
        pub kind: Kind,
        #[label(allow(label_type))]
        pub r#type: bool,
        pub region: ::metrics_core::Capped<2>,
    }

    /// Nested.
    #[derive(::metrics_core::MetricGroup)]
    #[metrics(global = false)]
    pub struct Inner {
        /// Hits.
        pub hits_total: ::metrics_core::Counter,
    }

    /// Without a prelude.
    #[derive(::metrics_core::MetricGroup)]
    #[metrics(namespace = "hygiene")]
    pub struct Metrics {
        /// Hits by kind.
        #[metric(labels(r#in = "here"))]
        pub kinds_total: ::metrics_core::Family<Kinds, ::metrics_core::Counter>,
        /// Sizes.
        #[metric(unit = "bytes", exponential(1, 10, 3))]
        pub size_bytes: ::metrics_core::Histogram,
        #[metric(nested = "inner")]
        pub inner: Inner,
        #[cfg(any())]
        #[metric(flatten)]
        pub absent: Absent,
    }

    /// A generic group.
    #[derive(::metrics_core::MetricGroup)]
    pub struct Generic<L: ::metrics_core::LabelSet> {
        /// Hits.
        pub generic_hits_total: ::metrics_core::Family<L, ::metrics_core::Counter>,
    }

    /// Counted.
    #[::metrics_core::counted(name = "hygiene_calls_total", labels(result, kind = kind, size = |ret| ret.is_ok()))]
    #[::metrics_core::timed]
    #[::metrics_core::in_flight]
    pub fn parse(value: &str, kind: Kind) -> ::std::result::Result<u8, ::std::num::ParseIntError> {
        let _ = &kind;
        let number: ::core::primitive::u8 = value.parse()?;
        ::std::result::Result::Ok(number)
    }

    #[::metrics_core::observed]
    pub async fn wait(value: u8) -> ::std::option::Option<u8> {
        let value = ::std::option::Option::Some(value)?;
        ::std::option::Option::Some(value)
    }

    /// Late.
    #[::metrics_core::counted(name = "hygiene_late_total", labels(kind = value))]
    pub fn late<T: ::metrics_core::LabelValue>(value: T) -> T {
        value
    }
}

#[allow(dead_code, non_camel_case_types, unused_macros)]
mod shadowed {
    pub mod core {}
    pub mod std {}
    pub mod metrics_core {}
    pub struct Result;
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct Vec;
    pub struct bool;
    pub struct usize;
    pub struct str;
    pub struct u32;
    pub trait Send {}
    pub trait PlainValue {}
    pub fn drop() {}
    macro_rules! vec {
        () => {
            compile_error!("not this one")
        };
    }
    macro_rules! module_path {
        () => {
            compile_error!("not this one")
        };
    }

    #[derive(::metrics_core::LabelValue)]
    pub enum Kind {
        Here,
    }

    #[::metrics_core::observed]
    pub fn parse(value: &::core::primitive::str) -> ::std::result::Result<u8, ::std::num::ParseIntError> {
        let number: ::core::primitive::u8 = value.parse()?;
        ::std::result::Result::Ok(number)
    }

    #[::metrics_core::observed]
    pub async fn wait() -> u8 {
        ::std::future::ready(1).await
    }

    /// Late.
    #[::metrics_core::counted(name = "hygiene_shadowed_total", labels(kind = value, result))]
    pub fn late<T: ::metrics_core::LabelValue>(value: T) -> T {
        value
    }
}

/// Arguments that are called as something in an expansion might be.
mod arguments {
    use metrics_core::{LabelValue, counted};

    #[derive(Clone, Copy, LabelValue)]
    pub enum Kind {
        Here,
    }

    /// Named.
    #[allow(clippy::too_many_arguments)]
    #[counted(name = "hygiene_arguments_total", labels(result, kind = ret, metrics_core = site, size = |call| call.is_ok()))]
    pub fn named(
        ret: Kind,
        site: bool,
        call: u8,
        __metrics_call: u8,
        __metrics_returned: u8,
        begin: u8,
        core: u8,
        metrics_core: u8,
        value: &str,
    ) -> Result<u8, std::num::ParseIntError> {
        let sum = call + __metrics_call + __metrics_returned + begin + core + metrics_core + ret as u8;
        Ok(sum + value.parse::<u8>()? + u8::from(site))
    }
}

/// Items and arguments that are called as what an expansion puts into a function.
#[allow(non_upper_case_globals, non_snake_case, dead_code, unused_labels)]
mod collisions {
    use metrics_core::{counted, observed};

    /// Collides.
    #[counted(name = "hygiene_collisions_total", labels(long = __METRICS_SITE.len() > 3))]
    #[observed]
    pub fn leaves(__METRICS_SITE: &str) -> Result<u8, std::num::ParseIntError> {
        const __metrics_call: u8 = 1;
        static __metrics_returned: u8 = 2;
        struct Call;
        fn never() -> u8 {
            3
        }
        let value: u8 = __METRICS_SITE.parse()?;
        '__metrics_body: {
            if value > 3 {
                break '__metrics_body;
            }
        }
        Ok(value + __metrics_call + __metrics_returned + never())
    }

    #[observed]
    pub fn stays(__METRICS_SITE: &str) -> Result<u8, std::num::ParseIntError> {
        const __metrics_call: u8 = 1;
        const __metrics_returned: u8 = 2;
        '__metrics_body: {
            if __METRICS_SITE.is_empty() {
                break '__metrics_body Ok(__metrics_returned);
            }
            __METRICS_SITE.parse::<u8>().map(|value| value + __metrics_call)
        }
    }
}

/// By a path that is not the default one.
mod renamed {
    use crate::facade::{Counter, LabelSet, LabelValue, MetricGroup, counted, observed};

    #[derive(LabelValue)]
    #[label(crate = "::another_name")]
    pub enum Kind {
        Here,
    }

    #[derive(LabelSet)]
    #[label(crate = "crate::facade")]
    pub struct Kinds {
        pub kind: Kind,
    }

    /// Renamed.
    #[derive(MetricGroup)]
    #[metrics(namespace = "hygiene_renamed", crate = "crate::facade")]
    pub struct Metrics {
        /// Hits.
        pub hits_total: Counter,
    }

    #[counted(crate = "::another_name")]
    #[another_name::timed]
    pub fn one() {}

    pub struct Store;

    #[observed(crate = "crate::facade")]
    impl Store {
        pub fn get() -> u8 {
            1
        }
    }
}

/// Functions that a macro makes.
mod made {
    use metrics_core::{LabelSet, LabelValue, MetricGroup, counted, observed, timed};

    macro_rules! make {
        ($name:ident, $argument:ident: $kind:ty, $returned:ty, $body:expr, $metric:literal) => {
            /// Made.
            #[counted(name = $metric, labels(result, flag = $argument > 3))]
            #[timed]
            pub fn $name($argument: $kind) -> $returned {
                let hidden: u8 = $body?;
                Ok(hidden)
            }
        };
    }

    make!(made, size: u8, Result<u8, std::num::ParseIntError>, size.to_string().parse(), "hygiene_made_total");

    macro_rules! methods {
        ($($name:ident),*) => {
            pub struct Made;

            #[observed]
            impl Made {
                $(pub fn $name(&self) -> Option<&Self> { Some(self) })*
            }
        };
    }

    methods!(first, second);

    macro_rules! group {
        ($name:ident, $kind:ident, $set:ident, $($variant:ident = $text:literal),*) => {
            #[derive(LabelValue)]
            pub enum $kind { $(#[label(rename = $text)] $variant),* }

            #[derive(LabelSet)]
            pub struct $set { pub kind: $kind }

            #[derive(MetricGroup)]
            #[metrics(namespace = "hygiene_made")]
            pub struct $name {
                /// Hits.
                pub hits_total: metrics_core::Family<$set, metrics_core::Counter>,
            }
        };
    }

    group!(MadeMetrics, MadeKind, MadeSet, One = "first", Two = "second");
}

fn page() -> String {
    metrics_core::Registry::global().text()
}

#[test]
fn no_prelude() {
    use no_prelude::{Generic, Kind, Kinds, Metrics};

    no_prelude::parse("1", Kind::Some).expect("a number");
    assert_eq!(futures::to_the_end(no_prelude::wait(1)), Some(1));
    no_prelude::late(Kind::None);
    let metrics = Metrics::global();
    metrics.kinds_total.with(Kinds { kind: Kind::None, r#type: true, region: "eu".into() }).inc();
    metrics.inner.hits_total.inc();
    metrics.size_bytes.observe(5.0);
    let generic = Generic::<Kinds>::unregistered();
    generic.generic_hits_total.with(Kinds { kind: Kind::Some, r#type: false, region: "us".into() }).inc();

    let page = page();
    for line in [
        r#"hygiene_calls_total{result="ok",kind="some",size="true"} 1"#,
        r#"hygiene_late_total{kind="none"} 1"#,
        r#"hygiene_kinds_total{in="here",kind="none",type="true",region="eu"} 1"#,
        r#"hygiene_size_bytes_bucket{le="10"} 1"#,
        "hygiene_inner_hits_total 1",
    ] {
        assert!(page.contains(&format!("{line}\n")), "{line} is not in\n{page}");
    }
    assert!(!page.contains("generic_hits_total"));
}

#[test]
fn shadowed_names() {
    shadowed::parse("1").expect("a number");
    assert_eq!(futures::to_the_end(shadowed::wait()), 1);
    shadowed::late(shadowed::Kind::Here);
    assert!(page().contains("hygiene_shadowed_total{kind=\"Here\",result=\"ok\"} 1\n"));
}

#[test]
fn argument_names() {
    assert_eq!(arguments::named(arguments::Kind::Here, true, 1, 2, 3, 4, 5, 6, "7"), Ok(29));
    let line = r#"hygiene_arguments_total{result="ok",kind="Here",metrics_core="true",size="true"} 1"#;
    assert!(page().contains(line));
}

#[test]
fn collisions() {
    assert_eq!(
        (collisions::leaves("1"), collisions::stays("1"), collisions::stays("")),
        (Ok(7), Ok(2), Ok(2))
    );
    assert!(page().contains("hygiene_collisions_total{long=\"false\"} 1\n"));
}

#[test]
fn another_crate_path() {
    renamed::one();
    assert_eq!(renamed::Store::get(), 1);
    renamed::Metrics::global().hits_total.inc();
    let _ = renamed::Kinds { kind: renamed::Kind::Here }.kind;
    let page = page();
    assert!(page.contains("hygiene_renamed_hits_total 1\n"));
    assert!(page.contains("function=\"Store::get\",module=\"pass_hygiene::renamed\",result=\"ok\"} 1\n"));
}

#[test]
fn functions_made_by_macros() {
    assert_eq!(made::made(5), Ok(5));
    assert!(made::Made.first().and_then(made::Made::second).is_some());
    made::MadeMetrics::global().hits_total.with(made::MadeSet { kind: made::MadeKind::Two }).inc();
    let _ = made::MadeKind::One;
    let page = page();
    assert!(page.contains("hygiene_made_total{result=\"ok\",flag=\"true\"} 1\n"), "{page}");
    assert!(
        page.contains(
            "hygiene_made_hits_total{kind=\"first\"} 0\nhygiene_made_hits_total{kind=\"second\"} 1\n"
        )
    );
}
