//! A branch that is never taken, for its type.

/// Returns a value of any type, in generated code behind `if false`. It tells the compiler the type of a block and that its end is
/// reachable, so that coercions and inference are those of the function.
///
/// # Panics
///
/// Always panics; nothing calls it.
#[cold]
pub fn never<T>() -> T {
    unreachable!("this edge is never taken")
}
