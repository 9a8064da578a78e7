//! The real thing.

pub(crate) use std::{
    hash::RandomState,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU32, AtomicU64, fence},
    },
    thread::yield_now,
    thread_local as local,
};

pub(crate) use once_cell::race::{OnceBox, OnceRef};

/// A static, made anew for each execution of a model.
macro_rules! global {
    ($(#[$attr:meta])* $name:ident: $type:ty = $value:expr) => {
        $(#[$attr])*
        static $name: $type = $value;
    };
}
pub(crate) use global;

/// Cells at zero.
pub(crate) const fn zeroes<const N: usize>() -> [AtomicU64; N] {
    [const { AtomicU64::new(0) }; N]
}

/// Boxes that are not made yet.
pub(crate) const fn boxes<T, const N: usize>() -> [OnceBox<T>; N] {
    [const { OnceBox::new() }; N]
}

/// Locks around nothing.
pub(crate) const fn locks<const N: usize>() -> [Mutex<()>; N] {
    [const { Mutex::new(()) }; N]
}
