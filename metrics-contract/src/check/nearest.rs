//! The nearest name to a wrong one.

/// Likeness from which a name is suggested.
const ENOUGH: f64 = 0.6;

/// Returns a question with the nearest of some names, or nothing if none is near.
pub(super) fn suggestion<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let others = names.into_iter().filter(|name| *name != wrong && !name.is_empty());
    let mut candidates: Vec<_> = others.map(|name| (likeness(wrong, name, letters_apart), name)).collect();
    // Names with other letters come last, and are not compared once there is a nearer one.
    candidates.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut nearest: Option<(f64, &str)> = None;
    for (at_most, name) in candidates {
        if at_most < ENOUGH || nearest.is_some_and(|(found, _)| found >= at_most) {
            break;
        }
        let likeness = likeness(wrong, name, strsim::damerau_levenshtein);
        if likeness >= ENOUGH && nearest.is_none_or(|(found, _)| likeness > found) {
            nearest = Some((likeness, name));
        }
    }
    nearest.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"))
}

/// Returns 1 for equal texts and 0 for texts without anything in common.
fn likeness(one: &str, other: &str, distance: fn(&str, &str) -> usize) -> f64 {
    let length = one.chars().count().max(other.chars().count()).max(1);
    1.0 - distance(one, other) as f64 / length as f64
}

/// Returns how many letters one text has and the other does not, in any order: no more than have to be changed.
fn letters_apart(one: &str, other: &str) -> usize {
    let mut counts = [0_i32; 128];
    let mut count = |text: &str, step: i32| {
        for byte in text.bytes() {
            if let Some(count) = counts.get_mut(usize::from(byte)) {
                *count += step;
            }
        }
    };
    count(one, 1);
    count(other, -1);
    let sum =
        |sign: i32| counts.iter().map(|count| (count * sign).max(0).unsigned_abs() as usize).sum::<usize>();
    sum(1).max(sum(-1))
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn the_nearest_name_is_suggested() {
        let names = ["jobs", "jobs_total", "http_requests_total", "größe"];
        for (wrong, expected) in [
            ("job", "; did you mean `jobs`?"),
            ("jbos", "; did you mean `jobs`?"),
            ("http_request_total", "; did you mean `http_requests_total`?"),
            ("größen", "; did you mean `größe`?"),
            ("completely_different", ""),
            ("", ""),
        ] {
            assert_eq!(suggestion(wrong, names), expected, "{wrong}");
        }
    }
}
