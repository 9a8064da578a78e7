//! Loom's models, with those that loom lacks: `once_cell`'s race-free references, and thread-locals whose destructors have run
//! when the thread is joined, as they have with real threads.

use std::{
    any::Any,
    array,
    cell::RefCell,
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::BuildHasherDefault,
    marker::PhantomData,
    mem::ManuallyDrop,
    ptr,
    rc::Rc,
};

use loom::sync::atomic::{
    AtomicPtr,
    Ordering::{Acquire, Release},
};
pub(crate) use loom::{
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU32, AtomicU64, fence},
    },
    thread::yield_now,
};

/// A hasher that is the same in every execution, which loom repeats step by step.
pub(crate) type RandomState = BuildHasherDefault<DefaultHasher>;

macro_rules! global {
    ($(#[$attr:meta])* $name:ident: $type:ty = $value:expr) => {
        loom::lazy_static! { $(#[$attr])* static ref $name: $type = $value; }
    };
}
pub(crate) use global;

pub(crate) fn zeroes<const N: usize>() -> [AtomicU64; N] {
    array::from_fn(|_| AtomicU64::new(0))
}

pub(crate) fn boxes<T, const N: usize>() -> [OnceBox<T>; N] {
    array::from_fn(|_| OnceBox::new())
}

pub(crate) fn locks<const N: usize>() -> [Mutex<()>; N] {
    array::from_fn(|_| Mutex::new(()))
}

/// `once_cell::race::OnceRef`, with its orderings.
#[derive(Debug)]
pub(crate) struct OnceRef<'a, T> {
    pointer: AtomicPtr<T>,
    owner: PhantomData<&'a T>,
}

impl<'a, T> OnceRef<'a, T> {
    pub(crate) fn new() -> Self {
        Self { pointer: AtomicPtr::new(ptr::null_mut()), owner: PhantomData }
    }

    pub(crate) fn get(&self) -> Option<&'a T> {
        Self::borrow(self.pointer.load(Acquire))
    }

    pub(crate) fn set(&self, value: &'a T) -> Result<(), ()> {
        self.exchange(value).map_err(drop)
    }

    pub(crate) fn get_or_init(&self, init: impl FnOnce() -> &'a T) -> &'a T {
        self.get().unwrap_or_else(|| {
            let value = init();
            self.exchange(value).err().unwrap_or(value)
        })
    }

    fn exchange(&self, value: &'a T) -> Result<(), &'a T> {
        let value = ptr::from_ref(value).cast_mut();
        match self.pointer.compare_exchange(ptr::null_mut(), value, Release, Acquire) {
            Ok(_) => Ok(()),
            Err(other) => Self::borrow(other).map_or(Ok(()), Err),
        }
    }

    #[allow(unsafe_code)]
    fn borrow(pointer: *mut T) -> Option<&'a T> {
        // SAFETY: it is null or was made from a `&'a T` by `exchange`, and nothing writes it otherwise.
        unsafe { pointer.as_ref() }
    }
}

/// `once_cell::race::OnceBox`, with its orderings. What is in it lives on: executions are short.
#[derive(Debug)]
pub(crate) struct OnceBox<T: 'static>(OnceRef<'static, T>);

impl<T> OnceBox<T> {
    pub(crate) fn new() -> Self {
        Self(OnceRef::new())
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.0.get()
    }

    pub(crate) fn get_or_init(&self, init: impl FnOnce() -> Box<T>) -> &T {
        self.0.get_or_init(|| Box::leak(init()))
    }
}

impl<T> Default for OnceBox<T> {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! local {
    ($($(#[$attr:meta])* static $name:ident: $type:ty = $value:expr;)+) => {
        $($(#[$attr])* static $name: $crate::sync::LocalKey<$type> = $crate::sync::LocalKey(|| $value);)+
    };
}
pub(crate) use local;

/// `std::thread::LocalKey`.
#[derive(Debug)]
pub(crate) struct LocalKey<T>(pub(crate) fn() -> T);

/// The thread-local has been destroyed.
#[derive(Debug)]
pub(crate) struct AccessError;

/// By number of the thread and address of the key: the value, or none after its destruction.
type Locals = BTreeMap<(String, usize), Option<Rc<dyn Any>>>;

thread_local! {
    // All threads of a model are coroutines of one real thread.
    // Never dropped: what an execution that failed has left is no use outside of it.
    static LOCALS: ManuallyDrop<RefCell<Locals>> = ManuallyDrop::default();
}

impl<T: 'static> LocalKey<T> {
    pub(crate) fn with<R>(&'static self, with: impl FnOnce(&T) -> R) -> R {
        self.try_with(with).expect("a thread-local after its destruction")
    }

    pub(crate) fn try_with<R>(&'static self, with: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        let key = (this_thread(), ptr::from_ref(self).addr());
        let known = LOCALS.with(|locals| locals.borrow().get(&key).cloned());
        // Made outside of the borrow: making it may take locks, and then others run.
        let value = known.unwrap_or_else(|| {
            let value: Rc<dyn Any> = Rc::new((self.0)());
            LOCALS.with(|locals| locals.borrow_mut().insert(key, Some(Rc::clone(&value))));
            Some(value)
        });
        let value = value.ok_or(AccessError)?;
        Ok(with(value.downcast_ref().expect("the type of the key")))
    }
}

fn this_thread() -> String {
    format!("{:?}", loom::thread::current().id())
}

/// Forgets the thread-locals of the former execution of a model.
#[cfg(test)]
pub(crate) fn forget_locals() {
    std::mem::forget(LOCALS.with(|locals| locals.take()));
}

/// Runs the destructors of this thread's thread-locals; those that need none stay.
#[cfg(test)]
pub(crate) fn destroy_locals<T: 'static>() {
    let thread = this_thread();
    let gone: Vec<_> = LOCALS.with(|locals| {
        let mut locals = locals.borrow_mut();
        let own = locals.iter_mut().filter(|((of, _), _)| *of == thread);
        own.filter_map(|(_, value)| value.take_if(|value| value.is::<T>())).collect()
    });
    drop(gone);
}
