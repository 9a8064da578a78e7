/// Puts.
#[counted(name = "puts_total", labels(kind = store.kind, item: Item = item.kind()), error_if = |ret| ret.is_none())]
fn put<T: Kind>(store: &mut Self, item: T) -> Option<T> {
    store.items.replace(item)
}
