//! Methods, of types and of traits.

use std::{
    fmt::Debug,
    future::Future,
    iter::Peekable,
    marker::PhantomData,
    num::{NonZeroU8, ParseIntError},
    ops::{Add, AddAssign, Deref, Index},
    pin::Pin,
    rc::Rc,
    str::FromStr,
};

use metrics_core::observed;

use crate::{futures::to_the_end, model::Model};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Score<T, U = u8>(T, PhantomData<U>);

#[observed]
impl<T, U> Add for Score<T, U>
where
    T: Add<Output = T>,
{
    type Output = Self;

    fn add(self, other: Self) -> Self::Output {
        Self(self.0 + other.0, PhantomData)
    }
}

#[observed]
impl<T: AddAssign, U> AddAssign<T> for Score<T, U> {
    fn add_assign(&mut self, more: T) {
        self.0 += more;
    }
}

#[observed]
impl<T: Clone, U> Index<usize> for Score<Vec<T>, U> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.0[at]
    }
}

#[observed]
impl<T> Deref for Score<T, u16> {
    type Target = T;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[observed]
impl FromStr for Score<u8> {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value = text.parse()?;
        Ok(Self(value, PhantomData))
    }
}

#[observed]
impl<'a, T: 'a> IntoIterator for &'a Score<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

struct Counting<I: Iterator>(Peekable<I>);

#[observed]
impl<I: Iterator> Iterator for Counting<I> {
    type Item = <I as Iterator>::Item;

    fn next(&mut self) -> Option<<I as Iterator>::Item> {
        self.0.peek()?;
        self.0.next()
    }
}

#[observed]
impl<T, U> Score<T, U> {
    #![allow(clippy::use_self)]

    #[observed(skip)]
    const fn new(value: T) -> Score<T, U> {
        Score(value, PhantomData)
    }

    fn rc_of_self(self: &Rc<Self>) -> usize {
        Rc::strong_count(self)
    }

    #[allow(clippy::redundant_allocation)]
    fn by_box_of_rc(self: Box<Rc<Self>>) -> Rc<Self> {
        *self
    }

    fn pinned_shared(self: Pin<&Self>) -> &T {
        &self.get_ref().0
    }

    fn closure_over_self(&mut self, with: impl Fn(&mut T)) -> &mut Self {
        with(&mut self.0);
        self
    }

    async fn borrowed_over_await(&mut self, value: T) -> Result<&mut T, String> {
        std::future::ready(()).await;
        self.0 = value;
        let value = Some(&mut self.0).ok_or("none")?;
        Ok(value)
    }

    fn lazily(&self) -> impl Future<Output = &T> {
        async move { &self.0 }
    }
}

/// Methods that are annotated one by one do not see the generics of their `impl`.
struct Alone<T, Key>(T, Key);

impl<T: Clone, Key: Copy + Into<u64>> Alone<T, Key> {
    #[observed]
    fn takes(&self, other: &T, key: Key) -> (T, u64) {
        (other.clone(), key.into())
    }

    #[observed]
    fn gives(self) -> Result<(T, Key), NonZeroU8> {
        let value = Some(self).ok_or(NonZeroU8::MIN)?;
        Ok((value.0, value.1))
    }
}

trait Shape {
    type Unit: Debug;

    fn area(&self) -> Self::Unit;

    #[observed]
    fn named(&self) -> String
    where
        Self: Sized,
    {
        format!("{:?}", self.area())
    }

    #[observed]
    fn by_default() -> Result<Self, String>
    where
        Self: Sized + Default,
    {
        let value = Some(Self::default()).ok_or_else(String::new)?;
        Ok(value)
    }

    fn later(&self) -> impl Future<Output = Result<u8, String>> + Send;
}

#[derive(Default)]
struct Square(u8);

#[observed]
impl Shape for Square {
    type Unit = u16;

    fn area(&self) -> <Self as Shape>::Unit {
        u16::from(self.0) * u16::from(self.0)
    }

    async fn later(&self) -> Result<u8, String> {
        std::future::ready(()).await;
        if self.0 == 0 {
            return Err("nothing".to_owned());
        }
        Ok(self.0)
    }
}

#[observed]
impl Shape for Box<dyn Fn() -> u8 + Sync> {
    type Unit = u8;

    fn area(&self) -> u8 {
        self()
    }

    fn later(&self) -> impl Future<Output = Result<u8, String>> + Send {
        async move { Ok(self()) }
    }
}

pub fn calls(model: &mut Model) {
    let mut score = Score::<u8>::new(1) + Score::new(2);
    score += 1;
    assert_eq!(score, Score::new(4));
    assert_eq!(Score::<_, u8>::new(vec![1, 2])[1], 2);
    assert_eq!(*Score::<_, u16>::new(7), 7);
    assert!("1".parse::<Score<u8>>().is_ok() && "".parse::<Score<u8>>().is_err());
    assert_eq!((&Score::new(vec![1])).into_iter().count(), 1);
    assert_eq!(Counting([1, 2].into_iter().peekable()).count(), 2);
    let shared = Rc::new(score.clone());
    assert_eq!((shared.rc_of_self(), Box::new(shared).by_box_of_rc().0), (1, 4));
    assert_eq!(*Pin::new(&score).pinned_shared(), 4);
    assert_eq!(score.closure_over_self(|value| *value += 1).0, 5);
    assert_eq!(to_the_end(score.borrowed_over_await(6)), Ok(&mut 6));
    assert_eq!(*to_the_end(score.lazily()), 6);
    let of_values = ["add", "add_assign", "index", "deref", "into_iter", "rc_of_self", "by_box_of_rc"];
    let others = ["pinned_shared", "closure_over_self", "borrowed_over_await", "lazily"];
    for name in of_values.into_iter().chain(others) {
        model.add(&format!("Score::{name}"), "ok", 1);
    }
    model.each("Score::from_str", &["ok", "error"]);
    model.add("Counting::next", "ok", 3);

    let alone = Alone("a", 5_u32);
    assert_eq!((alone.takes(&"b", 6), alone.gives()), (("b", 6), Ok(("a", 5))));
    model.each("takes", &["ok"]);
    model.each("gives", &["ok"]);
    assert_eq!((Square(3).named(), Square::by_default().is_ok()), ("9".to_owned(), true));
    assert!(to_the_end(Square(3).later()).is_ok() && to_the_end(Square(0).later()).is_err());
    let closure: Box<dyn Fn() -> u8 + Sync> = Box::new(|| 4);
    assert_eq!((closure.area(), to_the_end(closure.later())), (4, Ok(4)));
    for name in ["named", "by_default", "Square::area", "Box::area", "Box::later"] {
        model.add(name, "ok", 1);
    }
    model.each("Square::later", &["ok", "error"]);
}
