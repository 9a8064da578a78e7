//! Functions in functions, in modules and in methods.

use metrics_core::{counted, observed};

use crate::{ended, ends};

struct Outer<T>(T);

impl<T: Clone + 'static> Outer<T> {
    #[observed]
    fn outer(&self) -> Result<T, String> {
        #[observed]
        fn inner<U: Clone>(value: &U) -> Result<U, String> {
            struct Local<V>(V);
            #[observed]
            impl<V: Clone> Local<V> {
                fn innermost(&self) -> Option<V> {
                    #[counted]
                    fn bottom() -> Result<(), String> {
                        Err("bottom".to_owned())?;
                        Ok(())
                    }
                    bottom().err()?;
                    Some(self.0.clone())
                }
            }
            Local(value.clone()).innermost().ok_or_else(String::new)
        }
        let value = inner(&self.0)?;
        let closure = || -> Result<T, String> {
            let value = inner(&value)?;
            return Ok(value);
        };
        closure()
    }
}

mod outer {
    pub mod inner {
        use metrics_core::observed;

        #[observed]
        pub(in crate::nesting::outer) fn restricted() -> Option<u8> {
            let value = Some(1)?;
            Some(value)
        }

        #[observed]
        pub(super) fn of_parent() {}
    }

    #[metrics_core::observed]
    pub(crate) fn same_name() -> Option<u8> {
        inner::of_parent();
        inner::restricted()
    }
}

#[observed]
fn same_name() -> Option<u8> {
    outer::same_name()
}

/// Twice the same name in one module, in different scopes.
fn scopes() -> u8 {
    let first = {
        #[counted]
        fn scoped() -> u8 {
            1
        }
        scoped()
    };
    let second = {
        #[counted]
        fn scoped() -> u8 {
            2
        }
        scoped()
    };
    first + second
}

#[test]
fn functions_in_functions() {
    let ended = |function, result| ended(module_path!(), function, result);
    assert_eq!(ends!("outer", "ok", Outer(1).outer()), Ok(1));
    assert_eq!((ended("inner", "ok"), ended("Local::innermost", "ok"), ended("bottom", "error")), (2, 2, 2));
    assert_eq!(ends!("restricted", "ok", same_name()), Some(1));
    assert_eq!(ended("same_name", "ok"), 2);
    assert_eq!(scopes(), 3);
    assert_eq!(ended("scoped", "ok"), 2);
}
