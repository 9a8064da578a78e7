//! The patterns of a service's routes, in the order in which actix tries them.
//!
//! actix tells which pattern a path fits, but lists its patterns nowhere, except in what its resource map prints for debugging.
//! That is read here. Its form is actix's own affair and may change: what is not understood gives no listing, and actix is asked
//! about every path then, which is right as well and dearer.

use std::{fmt::Debug, iter};

/// A resource or a scope.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) patterns: Vec<String>,
    pub(crate) name: Option<String>,
    /// Whether it takes paths that go on behind the pattern.
    pub(crate) is_prefix: bool,
    /// What is inside; none where it is a resource.
    pub(crate) nodes: Option<Vec<Listed>>,
}

/// A value as Rust prints it for debugging.
#[derive(Debug, PartialEq, Eq)]
enum Value<'a> {
    Text(String),
    List(Vec<Self>),
    /// A word, or the name of a struct with its fields; names of tuples' fields are empty.
    Named(&'a str, Vec<(&'a str, Self)>),
}

/// What says that something is there that is not understood.
struct NotUnderstood;

/// More scopes inside one another than any service has, and more brackets than they take.
const DEEPEST: usize = 200;

/// Reads what a resource map prints for debugging.
pub(crate) fn list(map: &impl Debug) -> Option<Listed> {
    let text = format!("{map:?}");
    let mut reader = Reader { left: &text };
    let value = reader.value(DEEPEST)?;
    if reader.left.is_empty() { value.listed() } else { None }
}

impl Value<'_> {
    fn listed(&self) -> Option<Listed> {
        let definition = self.field("ResourceMap", "pattern")?;
        let field = |name: &str| definition.field("ResourceDef", name);
        let patterns = match field("patterns")? {
            Self::Named("Single", patterns) => vec![patterns.first()?.1.text()?],
            Self::Named("List", lists) => {
                lists.first()?.1.list()?.iter().map(Self::text).collect::<Option<_>>()?
            }
            _ => return None,
        };
        let is_prefix = match field("is_prefix")? {
            Self::Named("true", _) => true,
            Self::Named("false", _) => false,
            _ => return None,
        };
        let name = field("name")?.optional(Self::text).ok()?;
        let inside = |nodes: &Self| nodes.list()?.iter().map(Self::listed).collect();
        let nodes = self.field("ResourceMap", "nodes")?.optional(inside).ok()?;
        Some(Listed { patterns, name, is_prefix, nodes })
    }

    fn field(&self, of: &str, name: &str) -> Option<&Self> {
        let Self::Named(own, fields) = self else { return None };
        let field = fields.iter().find(|(other, _)| *other == name);
        field.filter(|_| *own == of).map(|(_, value)| value)
    }

    /// What `read` makes of what is inside, if it is understood.
    fn optional<T>(&self, read: impl FnOnce(&Self) -> Option<T>) -> Result<Option<T>, NotUnderstood> {
        match self {
            Self::Named("None", _) => Ok(None),
            Self::Named("Some", fields) => {
                let inside = fields.first().and_then(|(_, value)| read(value));
                inside.map(Some).ok_or(NotUnderstood)
            }
            _ => Err(NotUnderstood),
        }
    }

    fn text(&self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.clone()) } else { None }
    }

    fn list(&self) -> Option<&[Self]> {
        if let Self::List(values) = self { Some(values) } else { None }
    }
}

struct Reader<'a> {
    left: &'a str,
}

impl<'a> Reader<'a> {
    /// Takes a text if it comes next, with the white space after it.
    fn take(&mut self, text: &str) -> Option<()> {
        self.left = self.left.strip_prefix(text)?.trim_start();
        Some(())
    }

    fn value(&mut self, deepest: usize) -> Option<Value<'a>> {
        let deepest = deepest.checked_sub(1)?;
        if self.left.starts_with('"') {
            return self.text().map(Value::Text);
        }
        if self.take("[").is_some() {
            return self.all("]", |reader| reader.value(deepest)).map(Value::List);
        }
        if self.take("{").is_some() {
            return self.all("}", |reader| reader.entry(deepest)).map(Value::List);
        }
        let word = self.word();
        let fields = if self.take("(").is_some() {
            self.all(")", |reader| Some(("", reader.value(deepest)?)))?
        } else if word.is_empty() {
            return None;
        } else if self.take("{").is_some() {
            self.all("}", |reader| reader.field(deepest))?
        } else {
            Vec::new()
        };
        Some(Value::Named(word, fields))
    }

    /// What comes up to a closing bracket, with commas between.
    fn all<T>(&mut self, close: &str, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        while self.take(close).is_none() {
            if !all.is_empty() {
                self.take(",")?;
            }
            all.push(one(self)?);
        }
        Some(all)
    }

    fn field(&mut self, deepest: usize) -> Option<(&'a str, Value<'a>)> {
        let name = self.word();
        self.take(":")?;
        Some((name, self.value(deepest)?))
    }

    /// An entry of a map or a set.
    fn entry(&mut self, deepest: usize) -> Option<Value<'a>> {
        let key = self.value(deepest)?;
        if self.take(":").is_some() { self.value(deepest) } else { Some(key) }
    }

    fn word(&mut self) -> &'a str {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '-');
        let end = self.left.find(|character| !is_part(character)).unwrap_or(self.left.len());
        let (word, left) = self.left.split_at(end);
        self.left = left.trim_start();
        word
    }

    /// A text between quotes.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.left.strip_prefix('"')?.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => text.push(escaped(&mut characters)?),
                character => text.push(character),
            }
        }
        self.left = characters.as_str().trim_start();
        Some(text)
    }
}

/// What a backslash and the characters after it stand for.
fn escaped(characters: &mut impl Iterator<Item = char>) -> Option<char> {
    Some(match characters.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' if characters.next()? == '{' => {
            let digits: String = iter::from_fn(|| characters.next().filter(|digit| *digit != '}')).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
        }
        character @ ('"' | '\'' | '\\') => character,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use actix_web::dev::{ResourceDef, ResourceMap};

    use super::*;

    fn resource(pattern: &str) -> Listed {
        Listed { patterns: vec![pattern.into()], name: None, is_prefix: false, nodes: None }
    }

    #[test]
    fn the_map_of_this_actix_is_understood() {
        let mut map = ResourceMap::new(ResourceDef::root_prefix(""));
        let mut several = ResourceDef::new(["/a", r"/b/{x:\d{2,3}}"]);
        several.set_name("qu\"o\\te\u{7f}ü\n{");
        map.add(&mut several, None);
        map.add(&mut ResourceDef::new("/{tail}*"), None);
        map.add(&mut ResourceDef::prefix("/files"), None);
        map.add(&mut ResourceDef::new("https://elsewhere.example/{id}"), None);
        let mut definition = ResourceDef::root_prefix("/scope/{id}");
        let mut scope = ResourceMap::new(definition.clone());
        scope.add(&mut ResourceDef::new(""), None);
        map.add(&mut definition, Some(scope.into()));
        let several = Listed {
            patterns: vec!["/a".into(), r"/b/{x:\d{2,3}}".into()],
            name: Some("qu\"o\\te\u{7f}ü\n{".into()),
            ..resource("")
        };
        let files = Listed { is_prefix: true, ..resource("/files") };
        let scope = Listed { is_prefix: true, nodes: Some(vec![resource("")]), ..resource("/scope/{id}") };
        let expected = Listed {
            is_prefix: true,
            nodes: Some(vec![several, resource("/{tail}*"), files, scope]),
            ..resource("")
        };
        assert_eq!(list(&map), Some(expected));
    }

    /// Prints a text that is not a string.
    struct Printed(String);

    impl Debug for Printed {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }

    #[test]
    fn what_is_not_understood_gives_no_listing() {
        let printed = format!("{:?}", ResourceMap::new(ResourceDef::root_prefix("/a")));
        assert!(list(&Printed(printed.clone())).is_some());
        for end in 0..printed.len() {
            assert_eq!(list(&Printed(printed[..end].into())), None, "{}", &printed[..end]);
        }
        for (from, to) in [
            ("ResourceMap", "Map"),
            ("Single(\"/a\")", "Single"),
            ("Single(\"/a\")", "Many(\"/a\")"),
            ("Single(\"/a\")", "Single(\"\\q\")"),
            ("is_prefix: true", "is_prefix: maybe"),
            ("nodes: Some([])", "nodes: [..]"),
            ("nodes", "children"),
        ] {
            assert_eq!(list(&Printed(printed.replacen(from, to, 1))), None, "{to}");
        }
        assert_eq!(list(&Printed("[".repeat(100_000))), None);
    }
}
