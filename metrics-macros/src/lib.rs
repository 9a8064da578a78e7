//! The attributes and derives.
