use std::cell::Cell;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Batch, Inventory, Label, Listing, ProblemKind, Reason, State};

use super::module::Files;
use super::scope::{Scope, World};
use super::value::Value;
use super::{read_module, read_tree};
use crate::SourceFile;
use crate::tree::Tree;

pub(super) fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), bytes: text.as_bytes().to_vec() }
}

fn module(text: &str) -> Batch {
    read_module("", &[file("main.tf", text)])
}

/// The value of `local.x`, as JSON or as the reason in brackets.
fn local(text: &str) -> String {
    local_of(&[file("main.tf", text), file("data/policy.json", "{\"a\":1}")])
}

/// The value of `local.x` of files, as [`local`] has it.
pub(super) fn local_of(files: &[SourceFile]) -> String {
    let text = files.first().map(|file| String::from_utf8_lossy(&file.bytes)).unwrap_or_default();
    let loaded = Files::load("", files);
    assert_eq!(loaded.problems, vec![], "{text}");
    let modules = loaded.modules(&mut vec![]);
    let world = World { root: "", files: &loaded, modules: &modules, steps: Cell::new(100_000) };
    let scope = Scope::root(&world, modules.get("").unwrap());
    match scope.local("x", 0) {
        Ok(value) => show(&value),
        Err(stop) => format!("[{}]", stop.reason().detail()),
    }
}

fn show(value: &Value) -> String {
    match &value.value {
        Tree::Reference { address, attribute } => format!("<{address}.{attribute}>"),
        Tree::List(items, more) => {
            let mut parts: Vec<String> = items.iter().map(show).collect();
            parts.extend(more.as_ref().map(|reason| format!("…[{}]", reason.detail())));
            format!("({})", parts.join(" "))
        }
        Tree::Unknown(reason) => format!("[{}]", reason.detail()),
        _ => value.json().unwrap_or_else(|reason| format!("[{}]", reason.detail())),
    }
}

fn x(expression: &str) -> String {
    local(&format!(
        "locals {{\n  x = {expression}\n}}\nvariable \"unset\" {{}}\nvariable \"set\" {{ default = \"v\" }}\n"
    ))
}

#[test]
fn literals_operators_and_templates_have_their_value() {
    for (expression, value) in [
        ("1 + 2 * 3", "7"),
        ("7 / 2", "3.5"),
        ("-(3 % 2)", "-1"),
        ("!(1 == 2) && \"a\" != \"b\"", "true"),
        ("\"a-${var.set}-${1 + 1}\"", "\"a-v-2\""),
        ("\"$${not} %%{this}\"", "\"${not} %{this}\""),
        ("\"%{ if var.set == \"v\" }yes%{ else }no%{ endif }\"", "\"yes\""),
        ("\"%{ for a in [1, 2] }<${a}>%{ endfor }\"", "\"<1><2>\""),
        ("<<-EOT\n    a\n      b\n    EOT\n", "\"a\\u000a  b\\u000a\""),
        ("var.set == \"v\" ? [1] : [2]", "(1)"),
        ("[for n in [1, 2, 3] : n * 2 if n > 1]", "(4 6)"),
        ("{ for k, v in { b = 1, a = 2 } : upper(k) => v }", "{\"A\":2,\"B\":1}"),
        ("{ for v in [\"x\", \"y\", \"xx\"] : length(v) => v... }", "{\"1\":[\"x\",\"y\"],\"2\":[\"xx\"]}"),
        ("[{ a = 1 }, { a = 2 }][*].a", "(1 2)"),
        ("[{ a = 1 }, { a = 2 }].1.a", "2"),
        ("{ \"k.1\" = 2, (var.set) = 3 }[\"v\"]", "3"),
        ("12345678901234567890", "12345678901234567890"),
        ("true || var.unset", "true"),
        ("path.module", "\".\""),
    ] {
        assert_eq!(x(expression), value, "{expression}");
    }
}

#[test]
fn functions_that_depend_on_nothing_else_are_computed() {
    for (expression, value) in [
        ("jsonencode({ b = [1, true, null], a = \"x\" })", "\"{\\\"b\\\":[1,true,null],\\\"a\\\":\\\"x\\\"}\""),
        ("jsondecode(\"{\\\"a\\\":[1]}\").a[0]", "1"),
        ("format(\"%s-%03d-%q\", \"a\", 7, \"b\")", "\"a-007-\\\"b\\\"\""),
        ("join(\",\", concat([\"a\"], [\"b\"]))", "\"a,b\""),
        ("merge({ a = 1 }, { a = 2, b = 3 })", "{\"a\":2,\"b\":3}"),
        ("lookup({ a = 1 }, \"b\", 9)", "9"),
        ("element([\"a\", \"b\"], 3)", "\"b\""),
        ("coalesce(null, \"\", \"c\")", "\"c\""),
        ("try({}.a, \"d\")", "\"d\""),
        ("can({}.a)", "false"),
        ("toset([\"a\", \"b\", \"a\"])", "(\"a\" \"b\")"),
        ("flatten([[1, [2]], 3])", "(1 2 3)"),
        ("split(\",\", \"a,b\")", "(\"a\" \"b\")"),
        ("replace(\"a.b\", \".\", \"-\")", "\"a-b\""),
        ("base64decode(base64encode(\"hi\"))", "\"hi\""),
        ("substr(\"hello\", 1, 3)", "\"ell\""),
        ("range(3)", "(0 1 2)"),
        ("keys({ b = 1, a = 2 })", "(\"a\" \"b\")"),
        ("contains([\"a\"], \"a\")", "true"),
        ("max(1, 5, 3)", "5"),
        ("cidrsubnet(\"10.0.0.0/8\", 8, 2)", "\"10.2.0.0/16\""),
        ("cidrsubnet(\"fd00:fd12:3456:7890::/56\", 16, 162)", "\"fd00:fd12:3456:7800:a200::/72\""),
        (
            "cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4)",
            "(\"10.1.0.0/20\" \"10.1.16.0/20\" \"10.1.32.0/24\" \"10.1.48.0/20\")",
        ),
        ("cidrhost(\"10.12.112.0/20\", -1)", "\"10.12.127.255\""),
        ("cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\""),
        ("file(\"data/policy.json\")", "\"{\\\"a\\\":1}\""),
        ("jsondecode(file(\"${path.module}/data/policy.json\")).a", "1"),
        ("tostring(true)", "\"true\""),
        ("slice([1, 2, 3], 1, 2)", "(2)"),
        ("one([])", "null"),
        ("zipmap([\"a\"], [1])", "{\"a\":1}"),
        ("distinct([1, 1, 2])", "(1 2)"),
        ("setproduct([\"a\"], [\"b\", \"c\"])", "((\"a\" \"b\") (\"a\" \"c\"))"),
    ] {
        assert_eq!(x(expression), value, "{expression}");
    }
}

#[test]
fn what_cannot_be_resolved_is_unknown_and_names_the_expression() {
    for (expression, value) in [
        ("var.unset", "[var.unset]"),
        ("\"a-${var.unset}\"", "[var.unset]"),
        ("data.alicloud_zones.z.zones.0.id", "[data.alicloud_zones.z.zones.0.id]"),
        ("timestamp()", "[timestamp(…)]"),
        ("var.unset ? 1 : 2", "[var.unset]"),
        ("var.unset ? 1 : 1", "1"),
        ("[var.unset, 1]", "([var.unset] 1)"),
        ("concat([1], var.unset)", "(1 …[var.unset])"),
        ("[for a in [1, 2] : a if a == var.unset]", "(…[var.unset])"),
        ("jsonencode({ a = var.unset })", "[var.unset]"),
        ("false || var.unset", "[var.unset]"),
        ("file(\"../../etc/passwd\")", "[file(\"../../etc/passwd\")]"),
        ("file(\"/etc/passwd\")", "[file(\"/etc/passwd\")]"),
        ("templatefile(\"a.tpl\", {})", "[templatefile(\"a.tpl\")]"),
        ("module.far.output", "[module.far.output]"),
        ("alicloud_vpc.none.cidr_block", "[alicloud_vpc.none.cidr_block]"),
        ("terraform.workspace", "[terraform.workspace]"),
        ("try(var.unset, 1)", "[var.unset]"),
        ("length(var.unset)", "[var.unset]"),
        ("provider::x::y(1)", "[y(…)]"),
    ] {
        assert_eq!(x(expression), value, "{expression}");
    }
}

#[test]
fn references_give_the_literal_or_name_the_resource() {
    let estate = "resource \"alicloud_vpc\" \"v\" {\n  vpc_name = \"main\"\n  cidr_block = var.unset\n}\n\
                  resource \"alicloud_vswitch\" \"s\" {\n  count = 2\n  vpc_id = alicloud_vpc.v.id\n}\n\
                  resource \"alicloud_vswitch\" \"e\" {\n  for_each = toset([\"a\"])\n  zone_id = each.key\n}\n\
                  resource \"alicloud_vswitch\" \"u\" {\n  count = var.unset\n  zone_id = count.index\n}\n";
    for (expression, value) in [
        ("alicloud_vpc.v.id", "<alicloud_vpc.v.id>"),
        ("alicloud_vpc.v.vpc_name", "\"main\""),
        ("alicloud_vpc.v.cidr_block", "[alicloud_vpc.v.cidr_block]"),
        ("alicloud_vpc.v.route_table_id", "<alicloud_vpc.v.route_table_id>"),
        ("alicloud_vpc.v.create_time", "[alicloud_vpc.v.create_time]"),
        ("alicloud_vswitch.s[1].id", "<alicloud_vswitch.s[1].id>"),
        ("alicloud_vswitch.s.1.id", "<alicloud_vswitch.s[1].id>"),
        ("alicloud_vswitch.s[0].vpc_id", "<alicloud_vpc.v.id>"),
        ("alicloud_vswitch.s[*].id", "(<alicloud_vswitch.s[0].id> <alicloud_vswitch.s[1].id>)"),
        ("alicloud_vswitch.s.*.vswitch_id", "(<alicloud_vswitch.s[0].vswitch_id> <alicloud_vswitch.s[1].vswitch_id>)"),
        ("alicloud_vswitch.s[5].id", "[alicloud_vswitch.s[5].id]"),
        ("alicloud_vswitch.e[\"a\"].id", "<alicloud_vswitch.e[\"a\"].id>"),
        ("alicloud_vswitch.e[\"a\"].zone_id", "\"a\""),
        ("[for s in alicloud_vswitch.e : s.id]", "(<alicloud_vswitch.e[\"a\"].id>)"),
        ("values(alicloud_vswitch.e)[*].id", "(<alicloud_vswitch.e[\"a\"].id>)"),
        ("alicloud_vswitch.u[0].id", "<alicloud_vswitch.u.id>"),
        ("alicloud_vswitch.u[*].id", "[alicloud_vswitch.u[*].id]"),
        ("join(\",\", alicloud_vswitch.s[*].id)", "[alicloud_vswitch.s[0].id]"),
        ("alicloud_vpc.v.id != null", "true"),
        ("\"a-${alicloud_vpc.v.id}\"", "[alicloud_vpc.v.id]"),
    ] {
        let text = format!("{estate}variable \"unset\" {{}}\nlocals {{\n  x = {expression}\n}}\n");
        assert_eq!(local(&text), value, "{expression}");
    }
}

/// Source: terraform-provider-alicloud, `d/ram_policy_document`.
#[test]
fn a_policy_that_the_provider_writes_from_blocks_is_read() {
    let given = "data \"alicloud_ram_policy_document\" \"d\" {\n  statement {\n    action = [\"oss:*\", \"ecs:*\"]\n    \
                 resource = [\"acs:oss:*:*:${alicloud_oss_bucket.b.id}/*\"]\n    condition {\n      operator = \
                 \"IpAddress\"\n      variable = \"acs:SourceIp\"\n      values = var.nets\n    }\n  }\n  dynamic \
                 \"statement\" {\n    for_each = [\"a\", \"b\"]\n    content {\n      effect = \"Deny\"\n      action = \
                 [\"sts:AssumeRole\"]\n      principal {\n        entity = \"RAM\"\n        identifiers = \
                 [\"acs:ram::1:user/${statement.value}\"]\n      }\n      principal {\n        entity = \"RAM\"\n        \
                 identifiers = [\"acs:ram::2:root\"]\n      }\n    }\n  }\n}\n\
                 resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"data\"\n}\n\
                 data \"alicloud_ram_policy_document\" \"each\" {\n  for_each = toset([\"x\"])\n  statement {\n    \
                 action = [\"${each.key}:*\"]\n  }\n}\n";
    let nets = "variable \"nets\" {\n  default = [\"10.0.0.0/8\"]\n}\nlocals {\n  x = ";
    let of = |variables: &str, expression: &str| local(&format!("{given}{variables}{expression}\n}}\n"));
    let document = of(nets, "jsondecode(data.alicloud_ram_policy_document.d.document)");
    let user = |name: &str| {
        format!(
            r#"{{"Effect":"Deny","Action":["sts:AssumeRole"],"Principal":{{"RAM":["acs:ram::1:user/{name}","acs:ram::2:root"]}}}}"#
        )
    };
    let allow = r#"{"Effect":"Allow","Action":["oss:*","ecs:*"],"Resource":["acs:oss:*:*:data/*"],"Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}}"#;
    assert_eq!(document, format!(r#"{{"Version":"1","Statement":[{allow},{},{}]}}"#, user("a"), user("b")));
    let each = of(nets, "data.alicloud_ram_policy_document.each[\"x\"].document");
    assert!(each.contains("x:*") && each.contains("Allow"), "{each}");
    let unset = "variable \"nets\" {}\nlocals {\n  x = ";
    assert_eq!(of(unset, "data.alicloud_ram_policy_document.d.document"), "[var.nets]");
    assert_eq!(
        of(nets, "data.alicloud_ram_policy_document.none.document"),
        "[data.alicloud_ram_policy_document.none.document]"
    );
}

#[test]
fn a_lone_condition_value_that_meets_another_of_its_key_decides_nothing() {
    let document = |values: &str| {
        let condition = |values: &str| {
            format!(
                "    condition {{\n      operator = \"StringLike\"\n      variable = \"oss:Prefix\"\n      values = {values}\n    }}\n"
            )
        };
        let both = [condition("[\"a\", \"b\"]"), condition(values)].concat();
        local(&format!(
            "data \"alicloud_ram_policy_document\" \"d\" {{\n  statement {{\n    action = [\"oss:*\"]\n{both}  }}\n}}\nlocals {{\n  x = \
             data.alicloud_ram_policy_document.d.document\n}}\n"
        ))
    };
    assert!(document("[\"c\", \"d\"]").contains("\\\"a\\\",\\\"b\\\",\\\"c\\\",\\\"d\\\""));
    assert!(document("[\"c\"]").starts_with("[two blocks of StringLike oss:Prefix"));
}

#[test]
fn cycles_and_bombs_end_in_an_unknown() {
    assert_eq!(local("locals {\n x = local.y\n y = local.x\n}\n"), "[local.x (it needs itself)]");
    let mut doubling = String::from("locals {\n a0 = \"0123456789\"\n");
    for at in 1..30 {
        doubling.push_str(&format!(" a{at} = \"${{local.a{}}}${{local.a{}}}\"\n", at - 1, at - 1));
    }
    doubling.push_str(" x = local.a29\n}\n");
    assert!(local(&doubling).contains("steps"), "{}", local(&doubling));
    let mut chain = String::from("locals {\n a0 = 1\n");
    for at in 1..5000 {
        chain.push_str(&format!(" a{at} = [local.a{}]\n", at - 1));
    }
    chain.push_str(" x = local.a4999\n}\n");
    // Half the stack of a usual thread: evaluation must stop well before.
    let text = chain.clone();
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(move || local(&text)).unwrap();
    assert!(thread.join().unwrap().contains("local.a"));
    // Each local is asked for on its own, shallow first: the value itself must not grow without bound.
    chain.push_str("locals {\n y = [");
    (0..5000).for_each(|at| chain.push_str(&format!("local.a{at},")));
    chain.push_str("]\n}\nresource \"alicloud_oss_bucket\" \"b\" {\n bucket = length(local.y)\n}\n");
    assert_eq!(module(&chain).problems, vec![]);
    let steps = format!("locals {{\n x = local.y{}\n}}\n", ".a".repeat(100_000));
    assert!(local(&steps).starts_with("[local.y"));
    let splats = format!("locals {{\n x = [1]{}\n}}\n", "[*]".repeat(100_000));
    assert!(local(&splats).starts_with("["));
}

#[test]
fn hostile_nesting_is_a_problem_with_a_line_and_no_crash() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{a=", "}"), ("\"${", "}\""), ("!", ""), ("-", ""), ("f(", ")")] {
        let text = format!("x = 1\ny = {}1{}\n", open.repeat(20_000), close.repeat(20_000));
        let batch = module(&text);
        assert_eq!(batch.problems.len(), 1, "{open}");
        assert!(
            matches!(batch.problems[0].kind, ProblemKind::TooDeep | ProblemKind::BrokenHcl),
            "{:?}",
            batch.problems
        );
        assert!(batch.problems[0].line >= 1);
    }
    let blocks = format!("{}{}", "a {\n".repeat(10_000), "}\n".repeat(10_000));
    assert_eq!(module(&blocks).problems[0].kind, ProblemKind::TooDeep);
    let long = format!("x = \"{}\"\n", "a".repeat(5_000_000));
    assert_eq!(module(&long).problems, vec![]);
}

#[test]
fn a_broken_file_is_named_with_its_line_and_the_rest_is_doubted() {
    let batch = read_module(
        "infra",
        &[
            file("infra/a.tf", "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"b\"\n}\n"),
            file("infra/b.tf", "x = 1\nx = 2\n"),
            file("infra/c.tf", "\u{feff}locals {}\n"),
        ],
    );
    assert_eq!(batch.problems.len(), 1);
    let problem = &batch.problems[0];
    assert_eq!((problem.file.as_str(), problem.line, problem.kind), ("infra/b.tf", 2, ProblemKind::BrokenHcl));
    let inventory = Inventory::join(vec![batch]);
    let bucket = &buckets(&inventory)[0];
    assert_eq!(bucket.head.address, "alicloud_oss_bucket.b");
    let reason = Reason::unreadable("file `infra/b.tf`");
    assert_eq!(bucket.acl.reason(), Some(&reason), "a companion in the broken file may set the ACL");
    assert_eq!(bucket.versioning.reason(), Some(&reason));
}

fn bucket_of(batch: Batch) -> Bucket {
    let inventory = Inventory::join(vec![batch]);
    let all = buckets(&inventory);
    assert_eq!(all.len(), 1);
    all[0].clone()
}

fn buckets(inventory: &Inventory) -> &[Bucket] {
    inventory.all()
}

#[test]
fn facts_carry_the_line_of_their_attribute() {
    let bucket = bucket_of(module(
        "variable \"acl\" {\n  default = \"public-read\"\n}\n\nresource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"b\"\n\n  acl = var.acl\n}\n",
    ));
    assert_eq!(bucket.acl.state, State::Known("public-read".into()));
    assert_eq!(bucket.acl.origin.to_string(), "main.tf:8");
    assert_eq!(bucket.head.origin.to_string(), "main.tf:5");
}

#[test]
fn tfvars_win_over_defaults_and_auto_files_over_terraform_tfvars() {
    let main = "variable \"acl\" { default = \"private\" }\nresource \"alicloud_oss_bucket\" \"b\" {\n bucket = \"b\"\n acl = var.acl\n}\n";
    let mut files = vec![file("main.tf", main)];
    let acl = |files: &[SourceFile]| bucket_of(read_module(".", files)).acl.value().unwrap().to_string();
    assert_eq!(acl(&files), "private");
    files.push(file("z.auto.tfvars", "acl = \"public-read-write\"\n"));
    files.push(file("terraform.tfvars", "acl = \"public-read\"\n"));
    files.push(file("other.tfvars", "acl = \"other\"\n"));
    assert_eq!(acl(&files), "public-read-write");
}

#[test]
fn a_companion_speaks_of_the_bucket_that_it_refers_to() {
    let bucket = bucket_of(module(
        "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"b-${var.who}\"\n}\nvariable \"who\" {}\n\
         resource \"alicloud_oss_bucket_acl\" \"a\" {\n  bucket = alicloud_oss_bucket.b.bucket\n  acl = \"public-read\"\n}\n",
    ));
    assert_eq!(bucket.head.id.reason(), Some(&Reason::unresolved("var.who")));
    assert_eq!(bucket.acl.state, State::Known("public-read".into()));
    assert_eq!(bucket.acl.origin.line, 7);
}

#[test]
fn a_companion_that_may_not_be_there_makes_a_default_unknown_and_no_more() {
    let bucket = bucket_of(module(
        "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"b\"\n}\nvariable \"open\" {}\n\
         resource \"alicloud_oss_bucket_acl\" \"a\" {\n  count = var.open ? 1 : 0\n  bucket = alicloud_oss_bucket.b.id\n  acl = \"public-read\"\n}\n",
    ));
    assert_eq!(bucket.acl.reason(), Some(&Reason::unresolved("var.open")));
}

fn gap(listings: &[Listing]) -> Option<String> {
    let listing = listings.iter().find(|listing| listing.kind == "oss.bucket").unwrap();
    assert_eq!(listing.origin.source.name, "main.tf");
    listing.gap.as_ref().map(Reason::detail)
}

#[test]
fn count_and_for_each_expand_and_an_unknown_number_is_a_gap_in_the_listing() {
    for (meta, expected, missing) in [
        ("count = 2", vec!["alicloud_oss_bucket.b[0]", "alicloud_oss_bucket.b[1]"], None),
        ("count = 0", vec![], None),
        ("for_each = { x = 1, y = var.n }", vec!["alicloud_oss_bucket.b[\"x\"]", "alicloud_oss_bucket.b[\"y\"]"], None),
        ("for_each = toset([\"p\", var.n])", vec!["alicloud_oss_bucket.b[\"p\"]"], Some("var.n")),
        ("count = var.n", vec!["alicloud_oss_bucket.b"], Some("var.n")),
        ("for_each = var.n", vec!["alicloud_oss_bucket.b"], Some("var.n")),
        ("count = 1000000000", vec!["alicloud_oss_bucket.b"], Some("count of 1000000000, above 10000")),
    ] {
        let text = format!(
            "variable \"n\" {{}}\nresource \"alicloud_oss_bucket\" \"b\" {{\n  {meta}\n  acl = \"private\"\n}}\n"
        );
        let inventory = Inventory::join(vec![module(&text)]);
        assert_eq!(gap(inventory.listings()).as_deref(), missing, "{meta}");
        let addresses: Vec<_> = buckets(&inventory).iter().map(|bucket| bucket.head.address.as_str()).collect();
        assert_eq!(addresses, expected, "{meta}");
    }
}

#[test]
fn an_unknown_number_opens_the_listing_of_everything_that_the_block_makes() {
    let text = "variable \"n\" {}\nresource \"alicloud_instance\" \"i\" {\n  count = var.n\n}\nresource \"alicloud_oss_bucket\" \"b\" {}\n";
    let inventory = Inventory::join(vec![module(text)]);
    let gap = |kind: &str| inventory.listings().iter().find(|listing| listing.kind == kind).unwrap().gap.clone();
    assert_eq!(gap("ecs.instance"), Some(Reason::unresolved("var.n")));
    assert_eq!(gap("ecs.disk"), Some(Reason::unresolved("var.n")), "an instance makes its system disk");
    assert_eq!(gap("oss.bucket"), None);
}

#[test]
fn dynamic_blocks_expand_and_an_unknown_collection_leaves_the_list_open() {
    let rules = |collection: &str| {
        let bucket = bucket_of(module(&format!(
            "variable \"n\" {{}}\nresource \"alicloud_oss_bucket\" \"b\" {{\n  dynamic \"cors_rule\" {{\n    for_each = {collection}\n    iterator = r\n    content {{\n      allowed_origins = [r.value.o]\n      allowed_methods = [\"GET\"]\n    }}\n  }}\n}}\n"
        )));
        let list = bucket.cors_rules.value().unwrap();
        let origins: Vec<String> = list
            .items
            .iter()
            .map(|rule| rule.allowed_origins.value().unwrap().items.iter().map(ToString::to_string).collect())
            .collect();
        (origins, list.more.as_ref().map(Reason::detail))
    };
    assert_eq!(rules("[{ o = \"*\" }, { o = \"https://x\" }]"), (vec!["*".into(), "https://x".into()], None));
    assert_eq!(rules("[]"), (vec![], None));
    assert_eq!(rules("var.n"), (vec![], Some("var.n".into())));
}

#[test]
fn local_modules_are_followed_and_others_are_named() {
    let files = [
        file(
            "env/prod/main.tf",
            "module \"store\" {\n  source = \"../../modules/store\"\n  for_each = { eu = \"private\", us = \"public-read\" }\n  acl = each.value\n  name = each.key\n}\nprovider \"alicloud\" {\n  region = \"cn-hangzhou\"\n}\n",
        ),
        file(
            "modules/store/main.tf",
            "variable \"acl\" {}\nvariable \"name\" {}\nresource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"s-${var.name}\"\n  acl = var.acl\n}\noutput \"name\" { value = alicloud_oss_bucket.b.bucket }\n",
        ),
    ];
    let mut sets = read_tree(&files);
    assert_eq!(sets.len(), 1);
    let (set, batch) = sets.remove(0);
    assert_eq!(set, "env/prod");
    assert_eq!(batch.problems, vec![]);
    let inventory = Inventory::join(vec![batch]);
    let buckets = buckets(&inventory);
    let facts: Vec<_> = buckets
        .iter()
        .map(|bucket| {
            (
                bucket.head.address.as_str(),
                bucket.acl.value().unwrap().as_str(),
                bucket.head.region.value().unwrap().as_str(),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            ("module.store[\"eu\"].alicloud_oss_bucket.b", "private", "cn-hangzhou"),
            ("module.store[\"us\"].alicloud_oss_bucket.b", "public-read", "cn-hangzhou")
        ]
    );
    assert_eq!(buckets[0].acl.origin.to_string(), "modules/store/main.tf:5");

    let far = module("module \"m\" {\n  source = \"terraform-alicloud-modules/vpc/alicloud\"\n}\n");
    assert_eq!(far.problems.len(), 1);
    assert_eq!((far.problems[0].kind, far.problems[0].line), (ProblemKind::MissingModule, 1));
    assert_eq!(gap(Inventory::join(vec![far]).listings()).as_deref(), Some("module.m"));
    let out = module("module \"m\" {\n  source = \"../../outside\"\n}\n");
    assert_eq!(out.problems[0].kind, ProblemKind::MissingModule);
    let files = [
        file("../env/main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
        file(
            "../env/m/main.tf",
            "resource \"alicloud_oss_bucket\" \"b\" {\n  policy = file(\"${path.module}/p.json\")\n  acl = file(\"acl\")\n}\n",
        ),
        file("../env/m/p.json", "{}"),
        file("../env/acl", "private"),
        file("acl", "public-read"),
    ];
    let mut sets = read_tree(&files);
    let (set, batch) = sets.remove(0);
    assert_eq!((set.as_str(), sets.len()), ("../env", 0));
    let bucket = bucket_of(batch);
    assert_eq!(bucket.policy.state, State::Known("{}".into()));
    assert_eq!(bucket.acl.state, State::Known("private".into()), "relative to where Terraform runs");
    let ring = module("module \"m\" {\n  source = \"./\"\n}\n");
    assert_eq!(ring.problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [ProblemKind::MissingModule]);
}

#[test]
fn the_region_is_that_of_the_provider_which_the_resource_names() {
    let bucket = bucket_of(module(
        "provider \"alicloud\" {\n  region = \"cn-hangzhou\"\n}\nprovider \"alicloud\" {\n  alias = \"far\"\n  region = \"ap-southeast-1\"\n}\nresource \"alicloud_oss_bucket\" \"b\" {\n  provider = alicloud.far\n}\n",
    ));
    assert_eq!(bucket.head.region.state, State::Known("ap-southeast-1".into()));
    let none = bucket_of(module("resource \"alicloud_oss_bucket\" \"b\" {}\n"));
    assert_eq!(none.head.region.reason(), Some(&Reason::NotInEvidence));
}

#[test]
fn other_providers_are_ignored_and_a_set_of_nothing_else_is_named() {
    let batch = module("\nresource \"aws_s3_bucket\" \"b\" {}\n");
    assert_eq!(batch.problems.len(), 1);
    assert_eq!((batch.problems[0].kind, batch.problems[0].line), (ProblemKind::OtherProvider, 2));
    assert!(Inventory::join(vec![batch]).listings().is_empty(), "nothing of this provider was listed");
    let mixed = module("resource \"random_id\" \"r\" {}\nresource \"alicloud_never_heard_of\" \"n\" {}\n");
    assert_eq!(mixed.problems, vec![]);
    assert_eq!(mixed.not_read.iter().collect::<Vec<_>>(), [(&"alicloud_never_heard_of".into(), &1)]);
}

#[test]
fn sensitive_variables_are_redacted() {
    let bucket = bucket_of(module(
        "variable \"v\" {\n  default = \"public-read\"\n  sensitive = true\n}\nresource \"alicloud_oss_bucket\" \"b\" {\n  acl = var.v\n}\n",
    ));
    assert_eq!(bucket.acl.reason(), Some(&Reason::Redacted));
}

#[test]
fn conditionals_over_two_lines_in_braces_are_read_and_keep_the_lines() {
    let text = "locals {\n  x = { for k in [\"a\"] : k => k == \"a\"\n    ? 1\n    : 2\n  }\n}\nvariable \"z\" {}\n";
    assert_eq!(local(text), "{\"a\":1}");
}

#[test]
fn two_blocks_with_one_name_are_judged_each_for_itself_and_a_companion_by_name_doubts_both() {
    let two = "resource \"alicloud_oss_bucket\" \"a\" {\n  bucket = \"b\"\n  acl = \"public-read\"\n}\n\
               resource \"alicloud_oss_bucket\" \"c\" {\n  bucket = \"b\"\n  acl = \"private\"\n}\n";
    let inventory = Inventory::join(vec![module(two)]);
    let acls: Vec<_> = buckets(&inventory).iter().map(|bucket| bucket.acl.value().unwrap().as_str()).collect();
    assert_eq!(acls, ["public-read", "private"]);
    let versioned = format!(
        "{two}resource \"alicloud_oss_bucket_versioning\" \"v\" {{\n  bucket = \"b\"\n  status = \"Enabled\"\n}}\n"
    );
    let inventory = Inventory::join(vec![module(&versioned)]);
    assert_eq!(buckets(&inventory).len(), 2);
    assert!(buckets(&inventory).iter().all(|bucket| bucket.versioning.reason().is_some()));
}

#[test]
fn a_rule_of_a_group_that_is_not_declared_is_known_and_others_may_be_missing() {
    let rule = "resource \"alicloud_security_group_rule\" \"r\" {\n  type = \"ingress\"\n  ip_protocol = \"tcp\"\n  \
                port_range = \"22/22\"\n  cidr_ip = \"0.0.0.0/0\"\n  security_group_id = alicloud_security_group.g.id\n}\n";
    let inventory = Inventory::join(vec![module(rule)]);
    let [group] = inventory.all::<SecurityGroup>() else { panic!("one group") };
    assert_eq!(group.head.name.value().map(|name| name.as_str()), Some("alicloud_security_group.g"));
    let rules = group.rules.value().unwrap();
    assert_eq!((rules.items.len(), rules.more.as_ref()), (1, Some(&Reason::NotInEvidence)));
}

#[test]
fn a_configuration_with_buckets_leaves_public_access_of_the_account_as_it_is_by_default() {
    let blocked = |text: &str| {
        let inventory = Inventory::join(vec![module(text)]);
        let [account] = inventory.all::<Account>() else { return None };
        Some((account.oss_block_public_access.value().copied(), account.oss_block_public_access.origin.label))
    };
    let bucket = "resource \"alicloud_oss_bucket\" \"a\" {\n  bucket = \"b\"\n}\n";
    assert_eq!(blocked(bucket), Some((Some(false), Label::Documentation)));
    let said = "resource \"alicloud_oss_account_public_access_block\" \"p\" {\n  block_public_access = true\n}\n";
    assert_eq!(blocked(&format!("{bucket}{said}")), Some((Some(true), Label::UserProvided)));
    let maybe = "variable \"n\" {}\nresource \"alicloud_oss_account_public_access_block\" \"p\" {\n  count = var.n\n  \
                 block_public_access = true\n}\n";
    assert_eq!(blocked(&format!("{bucket}{maybe}")).map(|(known, _)| known), Some(None));
    assert_eq!(blocked("resource \"alicloud_vpc\" \"v\" {\n}\n"), None);
}
