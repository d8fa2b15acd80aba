//! Names: variables, locals, modules, other resources, and what is picked out of them.

use hcl_edit::Span;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use xiezhi_model::{OWN_ACCOUNT, Reason};

use super::eval::{Binding, Context};
use super::module::{Declared, relative};
use super::policy_document;
use super::scope::{Instance, Shape};
use super::value::{Eval, Stop, Value, own_account, quoted, solid, text, to_open_text, to_text};
use crate::tree::{Node, Tree};

/// How many steps one name may take: each costs stack.
const MAX_STEPS: usize = 32;

type Steps<'a> = &'a [hcl_edit::Decorated<TraversalOperator>];

/// The address of one instance of a resource, in the whole set.
pub(super) fn address(prefix: &str, name: &str, instance: &Instance) -> String {
    format!("{prefix}{name}{}", instance.suffix)
}

impl<'c, 'a> Context<'c, 'a> {
    /// A name and what is picked out of it.
    pub(super) fn traversal(self, traversal: &'a Traversal) -> Eval {
        let quote = || self.file.quote(traversal.span());
        if traversal.operators.len() > MAX_STEPS {
            return Err(Stop::unresolved(quote()));
        }
        let Expression::Variable(root) = &traversal.expr else {
            let value = self.eval(&traversal.expr)?;
            return self.pick(value, &traversal.operators, &quote);
        };
        let root = root.value().as_str();
        if let Some(value) = self.binding(root) {
            return self.pick(value.clone(), &traversal.operators, &quote);
        }
        let Some((first, rest)) = split_name(&traversal.operators) else {
            return Err(Stop::unresolved(quote()));
        };
        match root {
            "var" => self.pick(self.scope.variable(first, self.depth)?, rest, &quote),
            "local" => self.pick(self.scope.local(first, self.depth)?, rest, &quote),
            "path" if first == "module" || first == "root" => {
                // Terraform runs in the root module's directory.
                let module = self.scope.module.directory.as_str();
                let directory =
                    if first == "module" { relative(self.scope.world.root, module) } else { ".".to_owned() };
                Ok(Node::new(text(directory), 0))
            }
            "module" => self.module_output(first, rest, &quote),
            "data" if first == policy_document::KIND => self.policy_document(rest, &quote),
            "data" if OWNER.iter().any(|(kind, _)| *kind == first) => self.owner(first, rest, &quote),
            "data" | "path" | "terraform" | "self" => Err(Stop::unresolved(quote())),
            kind => self.resource(kind, first, rest, &quote),
        }
    }

    fn module_output(self, name: &str, steps: Steps<'a>, quote: &dyn Fn() -> String) -> Eval {
        let unresolved = || Stop::unresolved(quote());
        let call = *self.scope.module.calls.get(name).ok_or_else(unresolved)?;
        let instances = self.scope.instances(&format!("module.{name}"), call, self.depth);
        let of = |instance: &Instance, steps: Steps<'a>| -> Eval {
            let child = self.scope.child(call, instance).map_err(|_| unresolved())?;
            let (output, rest) = split_name(steps).ok_or_else(unresolved)?;
            self.pick(child.output(output, self.depth)?, rest, quote)
        };
        self.choose(&instances, steps, quote, &of, &|_| Err(unresolved()))
    }

    /// The own account's id, unless a provider of another account is asked for it.
    fn owner(self, kind: &str, steps: Steps<'a>, quote: &dyn Fn() -> String) -> Eval {
        let unresolved = || Stop::unresolved(quote());
        let (name, rest) = split_name(steps).ok_or_else(unresolved)?;
        let (attribute, rest) = split_name(rest).ok_or_else(unresolved)?;
        let declared = self.scope.module.data.get(&format!("{kind}.{name}"));
        let elsewhere = declared.is_some_and(|one| super::module::attribute(&one.block.body, "provider").is_some());
        if elsewhere || !rest.is_empty() || !OWNER.contains(&(kind, attribute)) {
            return Err(unresolved());
        }
        Ok(Node::new(own_account(), 0))
    }

    /// A policy that `data "alicloud_ram_policy_document"` writes.
    fn policy_document(self, steps: Steps<'a>, quote: &dyn Fn() -> String) -> Eval {
        let unresolved = || Stop::unresolved(quote());
        let (name, rest) = split_name(steps).ok_or_else(unresolved)?;
        let declared = *self.scope.module.documents.get(name).ok_or_else(unresolved)?;
        let name = format!("data.{}.{name}", policy_document::KIND);
        let instances = self.scope.instances(&name, declared, self.depth);
        let document = |instance: &Instance| {
            self.scope.once(&address(&self.scope.prefix, &name, instance), || {
                self.inside(declared, instance, |context| {
                    let mut body = context.body(&declared.block.body, declared.line());
                    context.spell(&mut body);
                    policy_document::document(&body)
                })
            })
        };
        let whole = |instance: &Instance| {
            let entries = vec![("document".into(), super::value::settle(document(instance), declared.line()))];
            Ok(Node::new(Tree::Map(entries, Some(Reason::unresolved(quote()))), declared.line()))
        };
        let of = |instance: &Instance, steps: Steps<'a>| self.pick(whole(instance)?, steps, quote);
        self.choose(&instances, rest, quote, &of, &whole)
    }

    fn resource(self, kind: &str, name: &str, steps: Steps<'a>, quote: &dyn Fn() -> String) -> Eval {
        let name = format!("{kind}.{name}");
        let unresolved = || Stop::unresolved(quote());
        let Some(declared) = self.scope.module.resources.get(&name).copied() else {
            return self.undeclared(kind, &name, steps).ok_or_else(unresolved);
        };
        let instances = self.scope.instances(&name, declared, self.depth);
        let of = |instance: &Instance, steps: Steps<'a>| -> Eval {
            let Some((attribute, rest)) = split_name(steps) else {
                return self.whole(&name, declared, instance);
            };
            let value = self.attribute(&name, declared, instance, attribute, quote)?;
            match &value.value {
                Tree::Reference { .. } if !rest.is_empty() => Err(unresolved()),
                _ => self.pick(value, rest, quote),
            }
        };
        self.choose(&instances, steps, quote, &of, &|instance| self.whole(&name, declared, instance))
    }

    /// A resource that the module names and does not declare, as in an excerpt: the name still tells it from others.
    fn undeclared(self, kind: &str, name: &str, steps: Steps<'a>) -> Option<Value> {
        let index = match steps.first()?.value() {
            TraversalOperator::LegacyIndex(index) => Some(index.value().to_string()),
            TraversalOperator::Index(expression) => match self.eval(expression).ok()?.value {
                Tree::Number(number) => Some(number.to_string()),
                key => Some(quoted(&to_text(&key).ok()?)),
            },
            _ => None,
        };
        let suffix = index.as_ref().map_or_else(String::new, |index| format!("[{index}]"));
        let (attribute, rest) = split_name(steps.get(usize::from(index.is_some())..)?)?;
        let names_it = kind.starts_with("alicloud_") && rest.is_empty() && identifies(kind, attribute);
        names_it.then(|| {
            let address = format!("{}{name}{suffix}", self.scope.prefix).into();
            Node::new(Tree::Reference { address, attribute: attribute.to_owned().into() }, 0)
        })
    }

    /// Goes from a block with `count` or `for_each` to one of its instances, or to all of them.
    fn choose(
        self,
        instances: &super::scope::Instances,
        steps: Steps<'a>,
        quote: &dyn Fn() -> String,
        of: &dyn Fn(&Instance, Steps<'a>) -> Eval,
        whole: &dyn Fn(&Instance) -> Eval,
    ) -> Eval {
        let unresolved = || Stop::unresolved(quote());
        let error = || Stop::Error(Reason::unresolved(quote()));
        if instances.shape == Shape::Single {
            let single = instances.items.first().ok_or_else(unresolved)?;
            return match steps.split_first().map(|(step, rest)| (step.value(), rest)) {
                Some((TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_), rest)) => {
                    let value = super::value::settle(of(single, rest), 0);
                    Ok(Node::new(Tree::List(vec![value], None), 0))
                }
                _ => of(single, steps),
            };
        }
        let Some((step, rest)) = steps.split_first() else {
            let all = instances.items.iter();
            return Ok(Node::new(
                if instances.shape == Shape::Each {
                    let entries = all.map(|instance| {
                        let key = instance.binding.as_ref().and_then(|(_, each)| each.key("key"));
                        let key = key.and_then(|key| to_text(&key.value).ok()).unwrap_or_default();
                        (key.into(), super::value::settle(whole(instance), 0))
                    });
                    Tree::Map(entries.collect(), instances.gap.clone())
                } else if instances.shape == Shape::Open {
                    return Err(unresolved());
                } else {
                    Tree::List(all.map(|instance| super::value::settle(whole(instance), 0)).collect(), None)
                },
                0,
            ));
        };
        let suffix = match step.value() {
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                if instances.shape == Shape::Open {
                    return Err(unresolved());
                }
                let all = instances.items.iter().map(|instance| super::value::settle(of(instance, rest), 0)).collect();
                return Ok(Node::new(Tree::List(all, instances.gap.clone()), 0));
            }
            TraversalOperator::LegacyIndex(index) => format!("[{}]", index.value()),
            TraversalOperator::Index(expression) => match self.eval(expression)?.value {
                Tree::Number(number) => format!("[{number}]"),
                key => {
                    let key = to_text(&key)?;
                    match instances.shape {
                        Shape::Count => format!("[{key}]"),
                        _ => format!("[{}]", quoted(&key)),
                    }
                }
            },
            TraversalOperator::GetAttr(_) => return Err(unresolved()),
        };
        if instances.shape == Shape::Open {
            // Only one instance stands for all of them.
            return of(instances.items.first().ok_or_else(unresolved)?, rest);
        }
        match instances.items.iter().find(|instance| instance.suffix == suffix) {
            Some(instance) => of(instance, rest),
            None if instances.gap.is_some() => Err(unresolved()),
            None => Err(error()),
        }
    }

    /// Text of a value inside a template.
    pub(super) fn template_text(self, value: &Tree<'_>) -> Result<String, Stop> {
        match self.spoken(value) {
            Some(text) => Ok(text),
            None => to_open_text(value),
        }
    }

    /// Puts texts for the references inside a value that stand for one.
    pub(super) fn spell(self, value: &mut Value) {
        match &mut value.value {
            Tree::List(items, _) => items.iter_mut().for_each(|item| self.spell(item)),
            Tree::Map(entries, _) => entries.iter_mut().for_each(|(_, item)| self.spell(item)),
            reference @ Tree::Reference { .. } => {
                if let Some(spoken) = self.spoken(reference) {
                    *reference = text(spoken);
                }
            }
            _ => {}
        }
    }

    /// What a reference is in a text: the own account's id, the name of a resource that has its name for an id, the ARN
    /// of an identity.
    fn spoken(self, value: &Tree<'_>) -> Option<String> {
        let Tree::Reference { address, attribute } = value else { return None };
        if address == OWN_ACCOUNT {
            return Some(OWN_ACCOUNT.to_owned());
        }
        if attribute == "id" {
            return to_text(&self.name_of(address, IDS)?.value).ok();
        }
        let (_, relative) =
            ARNS.iter().find(|(kind, _)| attribute == "arn" && is_of(address, &self.scope.prefix, kind))?;
        let name = self.name_of(address, IDS).or_else(|| self.name_of(address, NAMES))?;
        let name = to_text(&name.value).ok()?;
        Some(format!("acs:ram::{OWN_ACCOUNT}:{relative}/{name}"))
    }

    /// The argument of a resource of this module that gives its name, by the table of such arguments.
    fn name_of(self, address: &str, names: &[(&str, &[&str])]) -> Option<Value> {
        let local = address.strip_prefix(self.scope.prefix.as_str())?;
        let (name, suffix) = local.split_at(local.find('[').unwrap_or(local.len()));
        let declared = *self.scope.module.resources.get(name)?;
        let (_, arguments) = names.iter().find(|(kind, _)| *kind == declared.label(0))?;
        let instances = self.scope.instances(name, declared, self.depth);
        let instance = instances.items.iter().find(|instance| instance.suffix == suffix)?;
        let body = &declared.block.body;
        let (argument, expression) =
            arguments.iter().find_map(|argument| Some((argument, super::module::attribute(body, argument)?)))?;
        let value = self.scope.once(&format!("{address}.{argument}"), || {
            self.inside(declared, instance, |context| context.eval(expression))
        });
        value.ok().filter(|value| matches!(value.value, Tree::Text(_)))
    }

    /// The names inside one instance of a block.
    pub(super) fn inside<T>(
        self,
        declared: Declared<'a>,
        instance: &Instance,
        then: impl FnOnce(Context<'_, 'a>) -> T,
    ) -> T {
        let binding = instance.binding.as_ref().map(|(name, value)| Binding { name, value, outer: None });
        then(Context { scope: self.scope, file: declared.file, bindings: binding.as_ref(), depth: self.depth })
    }

    /// An attribute of another resource: what its block says; a reference when only the provider will know.
    fn attribute(
        self,
        name: &str,
        declared: Declared<'a>,
        instance: &Instance,
        attribute: &str,
        quote: &dyn Fn() -> String,
    ) -> Eval {
        let address = address(&self.scope.prefix, name, instance);
        let refer = || {
            let tree = stands_for(declared.label(0), &address, attribute);
            tree.map(|tree| Node::new(tree, 0)).ok_or_else(|| Stop::unresolved(quote()))
        };
        let body = &declared.block.body;
        let value = match super::module::attribute(body, attribute) {
            Some(expression) => self.scope.once(&format!("{address}.{attribute}"), || {
                self.inside(declared, instance, |context| context.eval(expression))
            }),
            None if body.blocks().any(|block| super::body::ident_of(block) == attribute) => {
                self.scope.once(&format!("{address}.{attribute}"), || {
                    self.inside(declared, instance, |context| context.blocks(body, attribute))
                })
            }
            None => return refer(),
        };
        match value {
            Ok(value) if value.value != Tree::Null => Ok(value),
            _ => refer(),
        }
    }

    /// A whole resource as a value.
    fn whole(self, name: &str, declared: Declared<'a>, instance: &Instance) -> Eval {
        let address = address(&self.scope.prefix, name, instance);
        let mut value = self.scope.once(&address, || {
            Ok(self.inside(declared, instance, |context| context.body(&declared.block.body, declared.line())))
        })?;
        if let Tree::Map(entries, more) = &mut value.value {
            let id = Tree::Reference { address: address.clone().into(), attribute: "id".into() };
            entries.push(("id".into(), Node::new(id, 0)));
            more.get_or_insert_with(|| Reason::unresolved(address));
        }
        Ok(value)
    }

    /// Picks attributes and members out of a value.
    fn pick(self, value: Value, steps: Steps<'a>, quote: &dyn Fn() -> String) -> Eval {
        let Some((step, rest)) = steps.split_first() else { return Ok(value) };
        let value = solid(value)?;
        let error = || Stop::Error(Reason::unresolved(quote()));
        let next = match step.value() {
            TraversalOperator::GetAttr(name) => member(value, name.value().as_str(), &error)?,
            TraversalOperator::LegacyIndex(index) => member(value, &index.value().to_string(), &error)?,
            TraversalOperator::Index(expression) => {
                let key = to_text(&self.eval(expression)?.value)?;
                member(value, &key, &error)?
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                let (items, more) = match value.value {
                    Tree::List(items, more) => (items, more),
                    Tree::Null => (vec![], None),
                    _ => (vec![value], None),
                };
                let all = items.into_iter().map(|item| super::value::settle(self.pick(item, rest, quote), 0)).collect();
                return Ok(Node::new(Tree::List(all, more), 0));
            }
        };
        self.pick(next, rest, quote)
    }
}

/// The name that the first step picks.
fn split_name<'a>(steps: Steps<'a>) -> Option<(&'a str, Steps<'a>)> {
    let (step, rest) = steps.split_first()?;
    match step.value() {
        TraversalOperator::GetAttr(name) => Some((name.value().as_str(), rest)),
        _ => None,
    }
}

/// A member of a collection by key or index.
pub(super) fn member(value: Value, key: &str, missing: &dyn Fn() -> Stop) -> Eval {
    match value.value {
        Tree::Map(entries, more) => {
            let mut holder = None;
            for (name, node) in entries {
                if name == key {
                    return solid(node);
                }
                if name == "id"
                    && let Tree::Reference { address, .. } = node.value
                {
                    holder = Some(address);
                }
            }
            match (holder, more) {
                // A whole resource.
                (Some(address), Some(Reason::Unresolved(text))) => stands_for(kind_of(&address), &address, key)
                    .map(|tree| Node::new(tree, value.line))
                    .ok_or_else(|| Stop::unresolved(format!("{text}.{key}"))),
                (_, Some(Reason::Unresolved(text))) => Err(Stop::unresolved(format!("{text}.{key}"))),
                (_, Some(reason)) => Err(Stop::Unknown(reason)),
                (_, None) => Err(missing()),
            }
        }
        Tree::List(items, more) => {
            let index: usize = key.parse().map_err(|_| missing())?;
            match (items.into_iter().nth(index), more) {
                (Some(item), _) => solid(item),
                (None, Some(reason)) => Err(Stop::Unknown(reason)),
                (None, None) => Err(missing()),
            }
        }
        Tree::Unknown(reason) => Err(Stop::Unknown(reason)),
        Tree::Reference { address, attribute } => Err(Stop::unresolved(format!("{address}.{attribute}.{key}"))),
        _ => Err(missing()),
    }
}

/// The resource type inside an address.
fn kind_of(address: &str) -> &str {
    let mut parts = address.split('.').rev();
    let _name = parts.next();
    parts.next().unwrap_or_default()
}

/// Attributes that name what comes with the resource and is read under its address: the system route table of a VPC,
/// the tables of a NAT gateway, an attachment by its own id (the resource's `id` has that of the router before it), the address of an EIP or instance, by which NAT entries name it, and the address or name
/// of a load balancer or proxy, by which origins and DNS records do. Source: terraform-provider-alicloud, attributes of
/// `r/vpc`, `r/nat_gateway`, `r/cen_transit_router_vpc_attachment`, `r/eip_address`, `r/instance`, `r/slb_load_balancer`, `r/{alb,nlb}_load_balancer`,
/// `r/waf_domain`, `r/ddoscoo_domain_resource`, `r/cdn_domain_new` and `r/dcdn_domain`.
const PARTS: &[(&str, &str)] = &[
    ("alicloud_vpc", "route_table_id"),
    ("alicloud_vpc", "router_table_id"),
    ("alicloud_nat_gateway", "snat_table_ids"),
    ("alicloud_nat_gateway", "forward_table_ids"),
    ("alicloud_cen_transit_router_vpc_attachment", "transit_router_attachment_id"),
    ("alicloud_cen_transit_router_vbr_attachment", "transit_router_attachment_id"),
    ("alicloud_cen_transit_router_vpn_attachment", "transit_router_attachment_id"),
    ("alicloud_cen_transit_router_ecr_attachment", "transit_router_attachment_id"),
    ("alicloud_cen_transit_router_peer_attachment", "transit_router_attachment_id"),
    ("alicloud_eip_address", "ip_address"),
    ("alicloud_eip", "ip_address"),
    ("alicloud_slb_load_balancer", "address"),
    ("alicloud_slb", "address"),
    ("alicloud_alb_load_balancer", "dns_name"),
    ("alicloud_nlb_load_balancer", "dns_name"),
    ("alicloud_waf_domain", "cname"),
    ("alicloud_ddoscoo_domain_resource", "cname"),
    ("alicloud_cdn_domain_new", "cname"),
    ("alicloud_dcdn_domain", "cname"),
    ("alicloud_instance", "private_ip"),
    ("alicloud_instance", "primary_ip_address"),
];

/// Resources whose id is their name, and the arguments that give it. Source: terraform-provider-alicloud, attribute `id`
/// of `r/oss_bucket`, `r/log_project`, `r/ram_policy`, `r/ram_role`, `r/ram_group`, `r/ots_instance` and `r/kms_secret`.
const IDS: &[(&str, &[&str])] = &[
    ("alicloud_oss_bucket", &["bucket"]),
    ("alicloud_log_project", &["project_name", "name"]),
    ("alicloud_ram_policy", &["policy_name", "name"]),
    ("alicloud_ram_role", &["role_name", "name"]),
    ("alicloud_ram_group", &["group_name", "name"]),
    ("alicloud_ots_instance", &["name"]),
    ("alicloud_kms_secret", &["secret_name"]),
];

/// Resources that have a name beside their id, and the argument that gives it. Source: terraform-provider-alicloud,
/// `r/ram_saml_provider`, `r/ims_oidc_provider`.
const NAMES: &[(&str, &[&str])] =
    &[("alicloud_ram_saml_provider", &["saml_provider_name"]), ("alicloud_ims_oidc_provider", &["oidc_provider_name"])];

/// Identities that say their ARN, and what stands before the name in it. Source: terraform-provider-alicloud, attribute
/// `arn` of the same; RAM, "Permission policy elements", principal.
const ARNS: &[(&str, &str)] = &[
    ("alicloud_ram_role", "role"),
    ("alicloud_ram_saml_provider", "saml-provider"),
    ("alicloud_ims_oidc_provider", "oidc-provider"),
];

/// Data sources that tell the account that the provider works in, and the attribute. Source: terraform-provider-alicloud,
/// `d/account`, `d/caller_identity`.
const OWNER: &[(&str, &str)] = &[("alicloud_account", "id"), ("alicloud_caller_identity", "account_id")];

/// Whether an address is one of a type, of the module with this prefix.
fn is_of(address: &str, prefix: &str, kind: &str) -> bool {
    address.strip_prefix(prefix).and_then(|local| local.strip_prefix(kind)).is_some_and(|rest| rest.starts_with('.'))
}

/// Computed attributes that are the same for every resource of a type. Source: terraform-provider-alicloud, attribute
/// `type` of `r/ram_policy` ("The policy type": what a configuration makes is never a system policy).
const FIXED: &[(&str, &str, &str)] = &[("alicloud_ram_policy", "type", "Custom")];

/// What a computed attribute of a resource is before the provider says it: a text that is the same for all, or a
/// reference to the resource that it names. `None` when only the provider will know.
pub(super) fn stands_for(kind: &str, address: &str, attribute: &str) -> Option<Tree<'static>> {
    if let Some((.., text)) = FIXED.iter().find(|(of, name, _)| (*of, *name) == (kind, attribute)) {
        return Some(Tree::Text((*text).into()));
    }
    identifies(kind, attribute)
        .then(|| Tree::Reference { address: address.to_owned().into(), attribute: attribute.to_owned().into() })
}

/// Whether an attribute names the resource itself, so that a link may go through it. The attributes that do are `id`,
/// `arn`, `name`, those that repeat the end of the type (`vpc_id` of `alicloud_vpc`, `bucket` of
/// `alicloud_oss_bucket`), and those that name a part of it. Any other computed attribute names or measures something
/// else: a link through it would lead to a resource that is not there.
fn identifies(kind: &str, attribute: &str) -> bool {
    let stem = ["_id", "_name", "_arn"].iter().find_map(|end| attribute.strip_suffix(end)).unwrap_or(attribute);
    matches!(attribute, "id" | "arn" | "name")
        || kind.strip_suffix(stem).is_some_and(|start| start.ends_with('_'))
        || PARTS.contains(&(kind, attribute))
}
