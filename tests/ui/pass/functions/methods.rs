//! Methods.

use std::{
    borrow::Cow,
    fmt::{Debug, Display},
    num::ParseIntError,
    pin::Pin,
    rc::Rc,
    sync::Arc,
};

use metrics_core::{counted, observed};

use crate::{Form, Region, family, futures::to_the_end, is_send, once};

pub trait HasRegion {
    fn region(&self) -> Region;

    /// A default method.
    #[observed]
    fn twice(&self) -> (Region, Region) {
        (self.region(), self.region())
    }

    #[observed]
    async fn later(&self) -> Result<Region, String>
    where
        Self: Sync,
    {
        let region = Some(self.region()).ok_or("none")?;
        Ok(region)
    }
}

impl HasRegion for Form<'_> {
    #[counted]
    fn region(&self) -> Region {
        self.region
    }
}

#[derive(Debug, Default)]
struct Store<T> {
    items: Vec<T>,
}

#[observed]
impl<Item: Clone + Debug> Store<Item> {
    const EMPTY: usize = 0;

    /// Makes one.
    #[must_use]
    pub fn new() -> Self {
        Self { items: Vec::with_capacity(Self::EMPTY) }
    }

    pub fn push(&mut self, item: Item) -> &mut Item {
        self.items.push(item);
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    pub fn first(&self) -> Option<&Item> {
        self.items.first()
    }

    pub fn find(&mut self, wanted: impl Fn(&Item) -> bool) -> Result<&mut Item, String> {
        let at = self.items.iter().position(wanted).ok_or_else(|| "missing".to_owned())?;
        Ok(&mut self.items[at])
    }

    pub fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// Labels of an `impl`'s own generics are known in the call.
    #[counted(name = "pass_method_total", labels(some = item.is_some(), kind = |ret| *ret))]
    pub fn counts(&self, item: Option<&Item>) -> bool {
        item.is_some() && !self.items.is_empty()
    }

    pub fn boxed(self: Box<Self>) -> usize {
        self.items.len()
    }

    pub fn shared(self: Rc<Self>) -> usize {
        self.items.len()
    }

    pub fn counted_twice(self: &Arc<Self>) -> Result<usize, ParseIntError> {
        let more: usize = "1".parse()?;
        Ok(self.items.len() + more)
    }

    pub fn pinned(self: Pin<&mut Self>) -> usize
    where
        Item: Unpin,
    {
        self.items.len()
    }

    pub async fn async_len(&self) -> usize {
        std::future::ready(self.items.len()).await
    }

    pub async fn async_take(&mut self) -> Result<Item, String> {
        let item = self.items.pop().ok_or("empty")?;
        Ok(item)
    }

    #[observed(skip)]
    pub const fn untouched(&self) -> usize {
        self.items.len()
    }
}

#[observed]
impl<T: Debug> Display for Store<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for item in &self.items {
            write!(f, "{item:?}")?;
        }
        Ok(())
    }
}

#[test]
fn methods_of_every_kind() {
    let mut store = once!("Store::new", Store::<u8>::new());
    assert_eq!(*once!("Store::push", store.push(1)), 1);
    assert_eq!(once!("Store::first", store.first()), Some(&1));
    assert!(once!("Store::counts", store.counts(Some(&1))));
    assert!(
        family("pass_method_total").contains(&r#"pass_method_total{some="true",kind="true"} 1"#.to_owned())
    );
    assert!(once!("Store::find", store.find(|item| *item == 1)).is_ok());
    assert_eq!(once!("Store::fmt", store.to_string()), "1");
    assert_eq!(once!("Store::pinned", Pin::new(&mut store).pinned()), 1);
    assert_eq!(once!("Store::async_len", to_the_end(is_send(store.async_len()))), 1);
    assert_eq!(once!("Store::async_take", to_the_end(store.async_take())), Ok(1));
    assert_eq!(store.untouched(), 0);
    assert_eq!(once!("Store::boxed", Box::new(Store::<u8>::default()).boxed()), 0);
    assert_eq!(once!("Store::shared", Rc::new(Store::<u8>::default()).shared()), 0);
    assert_eq!(once!("Store::counted_twice", Arc::new(Store::<u8>::default()).counted_twice()), Ok(1));
    assert_eq!(once!("Store::into_items", store.into_items()), [0_u8; 0]);
    let form = Form { region: Region::NorthEu, tenant: Cow::Borrowed("t") };
    assert_eq!(once!("twice", form.twice()).0, Region::NorthEu);
    assert_eq!(once!("later", to_the_end(form.later())), Ok(Region::NorthEu));
}
