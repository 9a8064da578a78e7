//! Bucket layouts, each created once and kept for the whole program.
//!
//! A handle of a histogram needs its buckets in every observation. As layouts live for the whole program, a handle holds a plain
//! reference: it needs neither a reference count nor a lifetime of its own. All histograms with equal buckets share one layout,
//! and there are at most [`MOST_LAYOUTS`].

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use super::buckets::Buckets;
use crate::name::InvalidDefinition;

/// The most different layouts of a program: 25 MiB with usual numbers of buckets.
const MOST_LAYOUTS: usize = 10_000;

/// Bits of the bounds, whether values are durations, and the schema of the native buckets.
type LayoutKey = (Box<[u64]>, bool, Option<i8>);

static LAYOUTS: LazyLock<Mutex<HashMap<LayoutKey, &'static Buckets>>> = LazyLock::new(Mutex::default);

/// Returns the layout with these bounds, and with native buckets of this schema if there is one.
///
/// Without bounds and with a schema, there are native buckets alone.
pub(crate) fn get(
    bounds: &[f64],
    durations: bool,
    native: Option<i8>,
) -> Result<&'static Buckets, InvalidDefinition> {
    let key = (bounds.iter().map(|bound| bound.to_bits()).collect(), durations, native);
    let mut layouts = LAYOUTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(buckets) = layouts.get(&key) {
        return Ok(buckets);
    }
    if layouts.len() == MOST_LAYOUTS {
        return Err(InvalidDefinition::new(
            "buckets",
            "the program has 10,000 different bucket layouts: use one of them",
        ));
    }
    let buckets = match native {
        Some(schema) if bounds.is_empty() => Buckets::unbounded(durations).with_native(schema),
        Some(schema) => Buckets::new(bounds, durations)?.with_native(schema),
        None => Buckets::new(bounds, durations)?,
    };
    let buckets: &'static Buckets = Box::leak(Box::new(buckets));
    layouts.insert(key, buckets);
    Ok(buckets)
}

/// Returns the layout with no bucket but `+Inf`.
pub(crate) fn unbounded(durations: bool) -> &'static Buckets {
    static OF_DURATIONS: LazyLock<Buckets> = LazyLock::new(|| Buckets::unbounded(true));
    static OF_NUMBERS: LazyLock<Buckets> = LazyLock::new(|| Buckets::unbounded(false));
    if durations { &OF_DURATIONS } else { &OF_NUMBERS }
}

#[cfg(test)]
mod tests {
    use super::get;

    #[test]
    fn equal_buckets_are_one_layout() {
        let layout = get(&[0.25, 0.5], true, None).expect("the bounds are legal");
        assert!(std::ptr::eq(layout, get(&[0.25, 0.5], true, None).expect("the bounds are legal")));
        for other in
            [get(&[0.25], true, None), get(&[0.25, 0.5], false, None), get(&[0.25, 0.5], true, Some(3))]
        {
            assert_ne!(layout, other.expect("the bounds are legal"));
        }
        assert!(get(&[], true, None).is_err());
        assert!(get(&[], true, Some(3)).expect("native buckets alone").is_native_only());
    }
}
