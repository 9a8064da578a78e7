//! Dashboards of Grafana: the classic JSON, also as its HTTP interface exports it.

use std::{collections::BTreeMap, sync::Arc};

use super::variables;
use crate::{
    document::{Content, Node, ReadError, read_json},
    expression::{Expression, Owner},
    mapped_text::MappedText,
    source_file::SourceFile,
};

/// Queries of a file's panels, variables and annotations; none of a file that is no dashboard.
pub(super) fn read(file: &Arc<SourceFile>) -> Result<Vec<Expression>, ReadError> {
    let document = read_json(file)?;
    let dashboard = document.get("dashboard").unwrap_or(&document);
    if ["panels", "rows"].iter().all(|key| dashboard.get(key).is_none()) {
        return Ok(Vec::new());
    }
    let variables = dashboard.get("templating").and_then(|templating| templating.get("list"));
    let mut reader = Reader {
        file,
        declared: declared(variables.map(Node::elements).unwrap_or_default()),
        found: Vec::new(),
    };
    for (key, value) in dashboard.members() {
        match key.as_str() {
            "templating" => {
                value.get("list").map(Node::elements).unwrap_or_default().iter().for_each(|variable| {
                    reader.variable(variable);
                });
            }
            "annotations" => reader.queries(value, &Owner::Annotation(String::new()), true),
            _ => reader.queries(value, &Owner::Panel(String::new()), true),
        }
    }
    Ok(reader.found)
}

/// Returns the values of variables that have one without a query.
fn declared(variables: &[Node]) -> BTreeMap<String, String> {
    let value = |variable: &Node| {
        let name = variable.text_of("name")?.to_owned();
        let of_kind = ["constant", "textbox", "custom", "interval"].contains(&variable.text_of("type")?);
        let current = variable.get("current").and_then(|current| current.text_of("value"));
        let first = variable.text_of("query").and_then(|query| query.split(',').next());
        Some((name, current.or(first).filter(|_| of_kind)?.trim().to_owned()))
    };
    variables.iter().filter_map(value).collect()
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    declared: BTreeMap<String, String>,
    found: Vec<Expression>,
}

impl Reader<'_> {
    /// Finds the queries in a value. Those of other sources than Prometheus are left out.
    fn queries(&mut self, value: &Node, owner: &Owner, of_prometheus: bool) {
        let named = match owner {
            Owner::Annotation(_) => value.text_of("name").map(|name| Owner::Annotation(name.to_owned())),
            _ => value.text_of("title").map(|title| Owner::Panel(title.to_owned())),
        };
        let owner = named.as_ref().unwrap_or(owner);
        let source = value.get("datasource").and_then(|source| source.text_of("type"));
        let of_prometheus = source.map_or(of_prometheus, |source| {
            source.contains("prometheus") || source == "datasource" || source.starts_with('$')
        });
        match &value.content {
            Content::Map(members) => {
                for (key, member) in members {
                    match member.mapped(self.file.text()) {
                        Some(text) if key == "expr" && of_prometheus => self.push(owner, &text),
                        Some(_) => {}
                        None => self.queries(member, owner, of_prometheus),
                    }
                }
            }
            Content::List(elements) => {
                for element in elements {
                    self.queries(element, owner, of_prometheus);
                }
            }
            Content::Text { .. } | Content::Other => {}
        }
    }

    fn push(&mut self, owner: &Owner, text: &MappedText) {
        if text.as_str().trim().is_empty() {
            return;
        }
        let readings = variables::readings(text, &self.declared);
        self.found.push(Expression { file: Arc::clone(self.file), owner: owner.clone(), readings });
    }

    /// Finds the query of a variable.
    fn variable(&mut self, variable: &Node) {
        if variable.text_of("type") != Some("query") {
            return;
        }
        let owner = Owner::Variable(variable.text_of("name").unwrap_or_default().to_owned());
        let query = variable.get("query");
        let query = query.and_then(|query| query.get("query")).or(query);
        let text = query.and_then(|query| query.mapped(self.file.text()));
        if let Some(query) = text.as_ref().and_then(query_of_variable) {
            self.push(&owner, &query);
        }
    }
}

/// Returns the query in `label_values(query, label)`, as one that groups by the label, or in `query_result(query)`.
fn query_of_variable(text: &MappedText) -> Option<MappedText> {
    let inside = |function: &str| {
        let start = text.as_str().find('(')? + 1;
        let end = text.as_str().rfind(')')?;
        (text.as_str().trim_start().starts_with(function)).then(|| text.part(start..end))
    };
    if let Some(query) = inside("query_result") {
        return Some(query);
    }
    let arguments = inside("label_values")?;
    let comma = arguments.as_str().rfind(',')?;
    let label = arguments.part(comma + 1..arguments.as_str().len()).trimmed();
    let series = arguments.part(0..comma).trimmed();
    let mut query = MappedText::default();
    query.push("count by (", label.origin(0));
    query.push_part(&label, 0..label.as_str().len());
    query.push(") (", series.origin(0));
    query.push_part(&series, 0..series.as_str().len());
    query.push(")", series.origin(series.as_str().len()));
    Some(query)
}
