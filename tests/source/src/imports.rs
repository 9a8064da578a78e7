//! The names that a module's items define, import and use.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ImplItem, Item, ItemExternCrate, ItemMacro, ItemUse, Macro, Path, Stmt, TraitItem, UseTree,
    Visibility,
    ext::IdentExt,
    visit::{self, Visit},
};

use crate::{
    attributes::{attributes, is_exported, is_for_tests},
    crate_tree::{CrateTree, Import, InlinePath, Module, ModuleId, Segments},
};

/// Macros whose tokens become code of another crate.
const TEMPLATES: [&str; 4] = ["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"];

/// Fills in everything about a module but its child modules.
pub(crate) fn collect(tree: &mut CrateTree, id: ModuleId, items: &[Item]) {
    for item in items {
        if let Item::Macro(ItemMacro { ident: Some(name), attrs, .. }) = item
            && is_exported(attrs)
        {
            tree.exported_macros.insert(name.to_string(), id);
        }
        if let Item::ExternCrate(ItemExternCrate { ident, rename: Some((_, name)), .. }) = item
            && ident == "self"
        {
            tree.own_names.insert(name.to_string());
        }
        if !is_for_tests(attributes(item)) {
            let module = &mut tree.modules[id];
            module.items.extend(defined_name(item));
            ModuleVisitor(module).visit_item(item);
        }
    }
}

fn defined_name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.unraw().to_string())
}

/// Collects imports and paths of one module. Its child modules have visitors of their own.
struct ModuleVisitor<'a>(&'a mut Module);

impl<'ast> Visit<'ast> for ModuleVisitor<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) && !matches!(item, Item::Mod(_)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let is_test = matches!(item, TraitItem::Fn(item) if is_for_tests(&item.attrs));
        if !is_test {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let is_test = match statement {
            Stmt::Local(local) => is_for_tests(&local.attrs),
            Stmt::Macro(call) => is_for_tests(&call.attrs),
            Stmt::Item(_) | Stmt::Expr(..) => false,
        };
        if !is_test {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let prefix = if item.leading_colon.is_some() { vec![String::new()] } else { Segments::new() };
        let is_reexport = !matches!(item.vis, Visibility::Inherited);
        push_leaves(&item.tree, &prefix, is_reexport, &mut self.0.imports);
    }

    /// The rules of an exported macro are a template too: they are code of whoever calls it.
    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        if !is_exported(&item.attrs) {
            visit::visit_item_macro(self, item);
        }
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast Path) {
        let mut segments: Segments =
            path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        if path.leading_colon.is_some() {
            segments.insert(0, String::new());
        }
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        push_path(self.0, segments, line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        let is_template = call
            .path
            .segments
            .last()
            .is_some_and(|name| TEMPLATES.iter().any(|template| name.ident == template));
        if !is_template {
            push_token_paths(self.0, call.tokens.clone());
        }
    }
}

fn push_path(module: &mut Module, path: Segments, line: usize) {
    if let Some(first) = path.first() {
        module.used.insert(first.clone());
    }
    if path.len() > 1 {
        module.paths.push(InlinePath { path, line });
    }
}

/// Leaves of a `use` tree, each with its whole path.
fn push_leaves(tree: &UseTree, prefix: &[String], is_reexport: bool, imports: &mut Vec<Import>) {
    let with = |name: &syn::Ident| -> Segments {
        let mut path = prefix.to_vec();
        // `use a::b::{self}` is `use a::b`.
        if name != "self" || path.is_empty() {
            path.push(name.unraw().to_string());
        }
        path
    };
    match tree {
        UseTree::Path(path) => push_leaves(&path.tree, &with(&path.ident), is_reexport, imports),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| push_leaves(tree, prefix, is_reexport, imports));
        }
        UseTree::Name(leaf) => {
            let path = with(&leaf.ident);
            let name = path.last().cloned();
            imports.push(Import { path, name, line: leaf.ident.span().start().line, is_reexport });
        }
        UseTree::Rename(leaf) => {
            let name = leaf.rename.unraw().to_string();
            let line = leaf.ident.span().start().line;
            imports.push(Import { path: with(&leaf.ident), name: Some(name), line, is_reexport });
        }
        UseTree::Glob(glob) => {
            let line = glob.star_token.spans[0].start().line;
            imports.push(Import { path: prefix.to_vec(), name: None, line, is_reexport });
        }
    }
}

/// Paths among the tokens of a macro, as `crate::a::b` or `$crate::a`.
fn push_token_paths(module: &mut Module, tokens: TokenStream) {
    let mut path = Segments::new();
    let mut line = 0;
    let mut colons = 0;
    let mut calls_template = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                if path.is_empty() || colons != 2 {
                    push_path(module, std::mem::take(&mut path), line);
                    line = name.span().start().line;
                }
                path.push(name.unraw().to_string());
                colons = 0;
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
            other => {
                let is_bang = matches!(&other, TokenTree::Punct(mark) if mark.as_char() == '!');
                let is_template = path.last().is_some_and(|name| TEMPLATES.contains(&name.as_str()));
                push_path(module, std::mem::take(&mut path), line);
                colons = 0;
                if let TokenTree::Group(group) = other
                    && !calls_template
                {
                    push_token_paths(module, group.stream());
                }
                calls_template = is_bang && is_template;
            }
        }
    }
    push_path(module, path, line);
}
