//! Names of functions in labels: functions that share a series by accident are listed.

#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]

use std::sync::LazyLock;

use metrics_core::{Registry, counted, observed};

static ONE_BY_ONE: LazyLock<Registry> = LazyLock::new(Registry::new);
static TRAITS: LazyLock<Registry> = LazyLock::new(Registry::new);
static QUALIFIED: LazyLock<Registry> = LazyLock::new(Registry::new);
static NAMED: LazyLock<Registry> = LazyLock::new(Registry::new);

struct Users;
struct Games;

impl Users {
    #[observed(registry = ONE_BY_ONE)]
    fn load() {}
}

impl Games {
    #[observed(registry = ONE_BY_ONE)]
    fn load() {}

    #[observed(registry = ONE_BY_ONE)]
    fn save() {}
}

#[test]
fn methods_of_one_name_are_listed() {
    let errors = ONE_BY_ONE.registration_errors();
    let [error] = &errors[..] else { panic!("{errors:?}") };
    let text = error.to_string();
    assert!(
        text.starts_with("metric `function_calls_total` declared at tests/tests/function_names.rs:"),
        "{text}"
    );
    assert!(
        text.contains(" records `load` in the series of the function declared at tests/tests/function_"),
        "{text}"
    );
    assert_ne!(error.conflicts_with(), Some(error.location()));
    Users::load();
    Games::load();
    Games::save();
    let page = ONE_BY_ONE.text();
    assert!(page.contains("function=\"load\",module=\"function_names\",result=\"ok\"} 2\n"), "{page}");
}

struct A;
struct B;
struct Both(u8);
struct Either(u8);

#[observed(registry = TRAITS)]
impl From<A> for Both {
    fn from(_: A) -> Self {
        Self(1)
    }
}

#[observed(registry = TRAITS)]
impl From<B> for Both {
    fn from(_: B) -> Self {
        Self(2)
    }
}

#[observed(qualified, registry = QUALIFIED)]
impl From<A> for Either {
    fn from(_: A) -> Self {
        Self(1)
    }
}

#[observed(qualified, registry = QUALIFIED)]
impl From<B> for Either {
    fn from(_: B) -> Self {
        Self(2)
    }
}

#[test]
fn impls_of_one_trait_are_listed() {
    let errors = TRAITS.registration_errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].to_string().contains(" records `Both::from` in the series "), "{errors:?}");
    assert_eq!(Both::from(A).0 + Both::from(B).0, 3);
}

#[test]
fn qualified_names_tell_impls_of_one_trait_apart() {
    assert_eq!(QUALIFIED.registration_errors(), []);
    assert_eq!(Either::from(A).0 + Either::from(B).0 + Either::from(B).0, 5);
    let page = QUALIFIED.text();
    for (function, count) in [("<Either as From<A>>::from", 1), ("<Either as From<B>>::from", 2)] {
        let line = format!(
            "function_calls_total{{function=\"{function}\",module=\"function_names\",result=\"ok\"}} {count}\n"
        );
        assert!(page.contains(&line), "{line} is not in\n{page}");
    }
}

mod named {
    use super::{NAMED, counted};

    #[counted(function = "read", registry = NAMED)]
    pub fn read_file() {}

    #[counted(function = "read", registry = NAMED)]
    pub fn read_socket() {}
}

#[test]
fn functions_that_are_given_one_name_share_a_series_on_purpose() {
    assert_eq!(NAMED.registration_errors(), []);
    named::read_file();
    named::read_socket();
    let page = NAMED.text();
    assert!(page.contains("function=\"read\",module=\"function_names::named\",result=\"ok\"} 2\n"), "{page}");
}
