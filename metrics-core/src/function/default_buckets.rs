//! Buckets of the durations of functions that name none: those of the program, chosen once.

use std::{panic, sync::OnceLock};

use super::Instrument;
use crate::{
    model::{DEFAULT_FUNCTION_BUCKETS, Location, RegistrationError, bucket_layouts},
    name::InvalidDefinition,
};

/// The chosen bounds, or the default ones once they are in use.
static BOUNDS: OnceLock<Box<[f64]>> = OnceLock::new();

/// Chooses the buckets of all functions with `#[timed]` or `#[observed]` that name none, for the whole program: upper bounds in
/// seconds, without `+Inf`. The default is [`DEFAULT_FUNCTION_BUCKETS`].
///
/// Call it at the start of `main`, before the first call of such a function and before the first page.
///
/// ```standalone_crate
/// use metrics_core::{Registry, observed, set_function_buckets};
///
/// #[observed(objective(name = "lookup", success = 99.9, latency = "300us"))]
/// fn look_up() {}
///
/// set_function_buckets(&[0.000_03, 0.0003, 0.003, 0.03])?;
/// look_up();
/// let page = Registry::global().text();
/// assert!(page.contains("le=\"0.0003\"}") && !page.contains("le=\"0.005\"}"), "{page}");
/// assert_eq!(Registry::global().registration_errors(), []);
/// # Ok::<(), metrics_core::RegistrationError>(())
/// ```
///
/// # Errors
///
/// If the bounds are not finite and increasing, if there is none, or if other buckets are in use or chosen already.
#[track_caller]
pub fn set_function_buckets(bounds: &[f64]) -> Result<(), RegistrationError> {
    let caller = panic::Location::caller();
    let location = Location { file: caller.file(), line: caller.line() };
    let illegal = |invalid| RegistrationError::illegal(Instrument::DURATION.name, location, invalid);
    bucket_layouts::get(bounds, true, None).map_err(illegal)?;
    if **BOUNDS.get_or_init(|| bounds.into()) == *bounds {
        return Ok(());
    }
    let reason = "other buckets are chosen, or in use since the first call or page: choose them at the start of `main`";
    Err(illegal(InvalidDefinition::new("buckets", reason)))
}

/// The program's bounds, from now on in use.
pub(super) fn bounds() -> &'static [f64] {
    BOUNDS.get_or_init(|| DEFAULT_FUNCTION_BUCKETS.into())
}
