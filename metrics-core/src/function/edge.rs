//! An edge of control flow that is never taken, and is there for its type.

/// A value of any type, in generated code behind an `if false`: what leaves a block there tells the compiler the block's type
/// and that its end can be reached, so that coercions and inference stay those of the function.
///
/// # Panics
///
/// Always, but nothing calls it.
#[cold]
pub fn never<T>() -> T {
    unreachable!("this edge is never taken")
}
