//! Methods of every kind.

use std::{
    future::Future,
    ops::{Deref, DerefMut},
    pin::Pin,
};

use metrics_core::{counted, observed};

use crate::{Size, ends, futures::to_the_end, has};

struct Wrapper<T>(T);

trait Visitor {
    #[observed]
    fn dynamic(&self) -> u8 {
        1
    }
    #[observed]
    fn sized(self) -> Result<Self, ()>
    where
        Self: Sized,
    {
        let this = Some(self).ok_or(())?;
        Ok(this)
    }
    #[observed]
    fn boxed(self: Box<Self>) -> Result<u8, ()> {
        Ok(Some(self.dynamic()).ok_or(())?)
    }
    fn future<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + 'a>>;
}

struct Leaf {
    size: Size,
    field: Option<Box<str>>,
}

/// The method's own attribute does not see the type, and labels of `self` are known in the call.
impl Leaf {
    /// By a field.
    #[counted(name = "odd_field_total", labels(size = self.size, some = self.field.is_some(), name = capped(self.field.as_deref(), 2)))]
    fn field(&mut self) -> Option<Box<str>> {
        self.field.take()
    }

    /// With its type written.
    #[counted(name = "odd_field_written_total", labels(size: Size = self.size))]
    fn written(self) -> Size {
        self.size
    }
}

impl Visitor for Leaf {
    #[observed]
    fn future<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + 'a>> {
        Box::pin(async {
            let size = Some(self.size).ok_or("none")?;
            Ok(size as u8)
        })
    }
}

#[observed]
impl dyn Visitor {
    fn on_dynamic(&self) -> Result<u8, ()> {
        Ok(Some(self.dynamic()).ok_or(())?)
    }
}

#[observed]
impl dyn Visitor + Send {
    fn on_send(&self) -> u8 {
        self.dynamic()
    }
}

#[observed]
impl Deref for Leaf {
    type Target = Size;
    fn deref(&self) -> &Size {
        &self.size
    }
}

#[observed]
impl DerefMut for Leaf {
    fn deref_mut(&mut self) -> &mut <Self as Deref>::Target {
        &mut self.size
    }
}

#[observed]
impl<'a, T> From<&'a [T]> for Wrapper<Vec<&'a T>> {
    fn from(values: &'a [T]) -> Self {
        Self(values.iter().collect())
    }
}

#[observed]
unsafe impl Odd for (u8, Size) {
    unsafe fn not_safe(&self) -> Result<u8, ()> {
        let value = Some(self.0).ok_or(())?;
        Ok(value)
    }
    async unsafe fn later(&mut self) -> Result<&mut Size, ()> {
        std::future::ready(()).await;
        let value = Some(&mut self.1).ok_or(())?;
        Ok(value)
    }
}

#[allow(async_fn_in_trait)]
unsafe trait Odd {
    unsafe fn not_safe(&self) -> Result<u8, ()>;
    async unsafe fn later(&mut self) -> Result<&mut Size, ()>;
}

trait Gat {
    type Item<'a>
    where
        Self: 'a;
    fn lend<'a>(&'a mut self) -> Option<Self::Item<'a>>;
}

#[observed]
impl<T> Gat for Wrapper<Vec<T>> {
    type Item<'a>
        = &'a mut [T]
    where
        Self: 'a;
    fn lend<'a>(&'a mut self) -> Option<Self::Item<'a>> {
        let _ = self.0.first()?;
        Some(&mut self.0[..1])
    }
}

#[test]
fn methods_of_every_kind() {
    let leaf = || Leaf { size: Size::Large, field: Some("a".into()) };
    assert_eq!(ends!("dynamic", "ok", leaf().dynamic()), 1);
    let mut sized = ends!("sized", "ok", leaf().sized()).ok().expect("itself");
    assert_eq!(sized.field().as_deref(), Some("a"));
    has(r#"odd_field_total{size="Large",some="true",name="a"} 1"#);
    assert_eq!(sized.written(), Size::Large);
    has(r#"odd_field_written_total{size="Large"} 1"#);
    has(r#"odd_field_written_total{size="Small"} 0"#);
    assert_eq!(ends!("boxed", "ok", Visitor::boxed(Box::new(leaf()))), Ok(1));
    assert_eq!(ends!("future", "ok", to_the_end(leaf().future())), Ok(1));
    let dynamic: Box<dyn Visitor> = Box::new(leaf());
    assert_eq!(ends!("Visitor::on_dynamic", "ok", dynamic.on_dynamic()), Ok(1));
    let dynamic: Box<dyn Visitor + Send> = Box::new(leaf());
    assert_eq!(ends!("Visitor::on_send", "ok", dynamic.on_send()), 1);
    let mut changed = leaf();
    *ends!("Leaf::deref_mut", "ok", &mut *changed) = Size::Small;
    assert_eq!(*ends!("Leaf::deref", "ok", &*changed), Size::Small);
    assert_eq!(ends!("Wrapper::from", "ok", Wrapper::from([1].as_slice())).0, [&1]);
    // SAFETY: they do nothing that is not safe.
    unsafe {
        assert_eq!(ends!("not_safe", "ok", (1, Size::Small).not_safe()), Ok(1));
        assert_eq!(ends!("later", "ok", to_the_end((1, Size::Small).later()).copied()), Ok(Size::Small));
    }
    assert_eq!(ends!("Wrapper::lend", "ok", Wrapper(vec![1, 2]).lend().map(|lent| lent.len())), Some(1));
}
