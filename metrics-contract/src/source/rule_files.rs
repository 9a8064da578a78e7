//! Rule files of Prometheus, also as the resources of its Kubernetes operator.

use std::sync::Arc;

use crate::{
    document::{Node, ReadError, read_yaml},
    expression::{Expression, Owner, Recording},
    source_file::SourceFile,
};

/// Alerts' expressions and recordings of a file; none of a file without groups of rules.
pub(super) fn read(file: &Arc<SourceFile>) -> Result<(Vec<Expression>, Vec<Recording>), ReadError> {
    let (mut expressions, mut recordings) = (Vec::new(), Vec::new());
    for document in read_yaml(file)? {
        let root = document.get("spec").unwrap_or(&document);
        let groups = root.get("groups").map(Node::elements).unwrap_or_default();
        let rules = groups.iter().filter_map(|group| group.get("rules")).flat_map(Node::elements);
        for rule in rules {
            if let Some(name) = rule.text_of("alert") {
                expressions.extend(expression(file, rule, Owner::Alert(name.to_owned())));
            } else {
                recordings.extend(recording(file, rule));
            }
        }
    }
    Ok((expressions, recordings))
}

fn expression(file: &Arc<SourceFile>, rule: &Node, owner: Owner) -> Option<Expression> {
    let text = rule.get("expr")?.mapped(file.text())?;
    Some(Expression { file: Arc::clone(file), owner, readings: vec![text] })
}

fn recording(file: &Arc<SourceFile>, rule: &Node) -> Option<Recording> {
    let name = rule.text_of("record")?.to_owned();
    let name_at = rule.get("record")?.mapped(file.text())?.origin(0);
    let label = |(label, value): &(String, Node)| {
        (label.clone(), value.text().filter(|value| !value.contains("{{")).map(str::to_owned))
    };
    let labels = rule.get("labels").map(Node::members).unwrap_or_default().iter().map(label).collect();
    let expression = expression(file, rule, Owner::Recording(name.clone()))?;
    Some(Recording { name, name_at, labels, expression })
}
