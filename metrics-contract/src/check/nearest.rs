//! The nearest name to a wrong one.

/// Likeness from which a name is suggested.
const ENOUGH: f64 = 0.6;

/// Returns a question with the nearest of some names, or nothing if none is near.
pub(super) fn suggestion<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(wrong, name);
    let nearest = names
        .into_iter()
        .filter(|name| *name != wrong && !name.is_empty())
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= ENOUGH)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"))
}
