//! The families that are in use in the program.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::{families::Families, notice, options::Options};

static FAMILIES: Mutex<Vec<Weak<Families>>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<Weak<Families>>> {
    FAMILIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The families as the options say: those that another instance has, or new ones.
///
/// Instances that are made separately count in the same series, so they share what limits the values of labels.
pub(crate) fn families(options: &Options) -> Arc<Families> {
    let new = Families::register(options);
    let mut families = lock();
    families.retain(|other| other.strong_count() > 0);
    let same = families.iter().filter_map(Weak::upgrade).find(|other| other.is(&new));
    if let Some(same) = same {
        notice::made_twice();
        return same;
    }
    let new = Arc::new(new);
    families.push(Arc::downgrade(&new));
    new
}

/// The families at an address.
pub(crate) fn find(address: usize) -> Option<Arc<Families>> {
    let at_address = |families: &Weak<Families>| families.as_ptr().addr() == address;
    lock().iter().find(|families| at_address(families)).and_then(Weak::upgrade)
}
