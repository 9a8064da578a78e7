//! Temporaries, borrows, and bodies that do not come to their end.

use std::{cell::RefCell, collections::HashMap, num::ParseIntError, sync::Mutex};

use metrics_core::observed;

use crate::{ends, futures::to_the_end, panics};

#[observed]
fn never_in_result(fails: bool) -> Result<std::convert::Infallible, &'static str> {
    loop {
        if fails {
            return Err("failed");
        }
        Err("always")?;
    }
}

#[observed]
fn loops_forever(text: &str) -> Result<u8, ParseIntError> {
    loop {
        match text.parse::<u8>() {
            Ok(value) if value > 3 => break Ok(value),
            Ok(_) => return Ok(0),
            other => {
                other?;
            }
        }
    }
}

#[observed]
fn not_done(fails: bool) -> Result<u8, String> {
    if fails { todo!() } else { unimplemented!("not yet") }
}

#[observed]
fn only_todo() -> Result<u8, String> {
    todo!()
}

#[observed]
async fn only_todo_async() -> Result<Vec<u8>, String> {
    todo!()
}

#[observed]
fn tail_temporary(cell: &RefCell<Vec<u8>>) -> Option<u8> {
    cell.borrow().first().copied()
}

#[observed]
fn tail_temporary_of_local() -> usize {
    let cell = RefCell::new(vec![1, 2, 3]);
    cell.borrow().len()
}

#[observed]
fn tail_temporary_result() -> Result<usize, ParseIntError> {
    let cell = Mutex::new("5".to_owned());
    cell.lock().unwrap().parse()
}

#[observed]
fn tail_temporary_early(early: bool) -> Result<usize, ParseIntError> {
    let cell = Mutex::new("5".to_owned());
    if early {
        return cell.lock().unwrap().parse();
    }
    cell.lock().unwrap().parse()
}

#[observed]
fn get_or_insert<'a>(map: &'a mut HashMap<String, u8>, key: &str) -> Result<&'a mut u8, String> {
    if map.contains_key(key) {
        return map.get_mut(key).ok_or_else(String::new);
    }
    let value = key.len().try_into().map_err(|_| key.to_owned())?;
    Ok(map.entry(key.to_owned()).or_insert(value))
}

#[observed]
fn two_mutable<'a>(left: &'a mut u8, right: &'a mut u8, first: bool) -> Option<&'a mut u8> {
    let chosen = if first { left } else { Some(right)? };
    *chosen += 1;
    Some(chosen)
}

#[observed]
fn split<'a, 'b>(text: &'a str, by: &'b str) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
    text.split(by)
}

#[observed]
fn drops_in_order(log: &RefCell<Vec<u8>>) -> Result<u8, ()> {
    struct Logs<'a>(u8, &'a RefCell<Vec<u8>>);
    impl Drop for Logs<'_> {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
        }
    }
    let _first = Logs(1, log);
    let _second = Logs(2, log);
    Ok(Some(Logs(3, log).0).ok_or(())?)
}

#[test]
fn ends_of_every_kind() {
    assert!(ends!("never_in_result", "error", never_in_result(false)).is_err());
    assert_eq!(ends!("loops_forever", "ok", loops_forever("5")), Ok(5));
    assert!(ends!("loops_forever", "error", loops_forever("x")).is_err());
    ends!("not_done", "panicked", panics(|| not_done(true)));
    ends!("only_todo", "panicked", panics(only_todo));
    ends!("only_todo_async", "panicked", panics(|| to_the_end(only_todo_async())));
    assert_eq!(ends!("tail_temporary", "ok", tail_temporary(&RefCell::new(vec![1]))), Some(1));
    assert_eq!(ends!("tail_temporary_of_local", "ok", tail_temporary_of_local()), 3);
    assert_eq!(ends!("tail_temporary_result", "ok", tail_temporary_result()), Ok(5));
    assert_eq!(ends!("tail_temporary_early", "ok", tail_temporary_early(true)), Ok(5));
    let mut map = HashMap::new();
    assert_eq!(ends!("get_or_insert", "ok", get_or_insert(&mut map, "ab")), Ok(&mut 2));
    assert_eq!(ends!("get_or_insert", "ok", get_or_insert(&mut map, "ab")), Ok(&mut 2));
    assert_eq!(ends!("two_mutable", "ok", two_mutable(&mut 1, &mut 2, false).copied()), Some(3));
    assert_eq!(ends!("split", "ok", split("a b", " ")).count(), 2);
    let log = RefCell::new(Vec::new());
    assert_eq!(ends!("drops_in_order", "ok", drops_in_order(&log)), Ok(3));
    assert_eq!(*log.borrow(), [3, 2, 1]);
}
