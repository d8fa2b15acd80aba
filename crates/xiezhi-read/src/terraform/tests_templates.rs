//! Template files, and texts in which the own account's id stands.

use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Inventory, OWN_ACCOUNT, Reason, State};

use super::read_module;
use super::tests::{file, local_of};

/// What a template file makes of variables, without the quotes.
fn filled(template: &str, variables: &str) -> String {
    let main = format!(
        "data \"alicloud_account\" \"this\" {{}}\nvariable \"unset\" {{}}\nlocals {{\n  x = templatefile(\"t.tftpl\", {variables})\n}}\n"
    );
    let made = local_of(&[file("main.tf", &main), file("t.tftpl", template)]);
    let made = made.replace("\\u000a", "\n");
    made.strip_prefix('"').and_then(|made| made.strip_suffix('"')).map_or(made.clone(), str::to_owned)
}

#[test]
fn a_template_file_names_branches_repeats_and_calls_like_a_template_in_the_configuration() {
    for (template, variables, text) in [
        ("a ${b} c", "{ b = 1 }", "a 1 c"),
        ("${upper(b.c)}", "{ b = { c = \"x\" } }", "X"),
        ("%{ if on }yes%{ else }no%{ endif }", "{ on = true }", "yes"),
        ("%{ if on }yes%{ else }no%{ endif }", "{ on = false }", "no"),
        ("%{ for i, n in names }${i}${n};%{ endfor }", "{ names = [\"a\", \"b\"] }", "0a;1b;"),
        ("[\\n%{ for n in names ~}\\n  ${n},\\n%{ endfor ~}\\n]", "{ names = [\"a\", \"b\"] }", "[\\na,\\nb,\\n]"),
        ("a   ${~ b ~}   c", "{ b = 1 }", "a1c"),
        ("x %{~ if on ~} y %{~ endif ~} z", "{ on = true }", "xyz"),
        ("$${b} %%{ if }", "{}", "${b} %{ if }"),
        ("${b}", "{ b = var.unset }", "[var.unset]"),
        ("%{ if b }x%{ endif }", "{ b = var.unset }", "[var.unset]"),
        ("${other}", "{ b = 1 }", "[other]"),
        ("${b", "{ b = 1 }", "[templatefile(…)]"),
        ("${b}", "var.unset", "[var.unset]"),
    ] {
        let (template, text) = (template.replace("\\n", "\n"), text.replace("\\n", "\n"));
        assert_eq!(filled(&template, variables), text, "{template} {variables}");
    }
}

#[test]
fn a_template_file_asks_about_the_own_account_what_it_may_and_stays_open_otherwise() {
    let account = "{ account = data.alicloud_account.this.id }";
    assert_eq!(filled("acs:ecs:*:${account}:*", account), format!("acs:ecs:*:{OWN_ACCOUNT}:*"));
    assert_eq!(filled("%{ if account == account }own%{ endif }", account), "own");
    assert_eq!(filled("%{ if account == \"123\" }own%{ endif }", account), format!("[{OWN_ACCOUNT}]"));
}

#[test]
fn functions_over_text_take_the_own_account_s_id_for_digits_that_nobody_knows() {
    let x = |expression: &str| {
        let arn = "a = \"acs:ram::${data.alicloud_account.this.id}:Role/Ops\"";
        let main = format!("data \"alicloud_account\" \"this\" {{}}\nlocals {{\n  {arn}\n  x = {expression}\n}}\n");
        local_of(&[file("main.tf", &main)]).replace(OWN_ACCOUNT, "#")
    };
    for (expression, value) in [
        ("lower(data.alicloud_account.this.id)", "\"#\""),
        ("upper(local.a)", "\"ACS:RAM::#:ROLE/OPS\""),
        ("title(\"x ${local.a}\")", "\"X Acs:Ram::#:Role/Ops\""),
        ("trimspace(\" ${local.a} \")", "\"acs:ram::#:Role/Ops\""),
        ("trim(local.a, \"aOps\")", "\"cs:ram::#:Role/\""),
        ("trimprefix(local.a, \"acs:ram::\")", "\"#:Role/Ops\""),
        ("trimprefix(data.alicloud_account.this.id, \"1\")", "[trimprefix(…)]"),
        ("trimsuffix(local.a, \"/Ops\")", "\"acs:ram::#:Role\""),
        ("replace(local.a, \":\", \"-\")", "\"acs-ram--#-Role/Ops\""),
        ("replace(local.a, \"0\", \"o\")", "[replace(…)]"),
        ("split(\":\", local.a)", "(\"acs\" \"ram\" \"\" \"#\" \"Role/Ops\")"),
        ("split(\"\", local.a)", "[split(…)]"),
        ("substr(local.a, 0, 7)", "\"acs:ram\""),
        ("substr(local.a, 0, 12)", "[substr(…)]"),
        ("startswith(local.a, \"acs:\")", "true"),
        ("endswith(local.a, \"/Dev\")", "false"),
        ("strcontains(local.a, \"owner\")", "false"),
        ("strcontains(local.a, \"12\")", "[strcontains(…)]"),
        ("urlencode(local.a)", "\"acs%3Aram%3A%3A#%3ARole%2FOps\""),
        ("jsondecode(\"{\\\"a\\\":\\\"${local.a}\\\"}\").a", "\"acs:ram::#:Role/Ops\""),
        ("jsondecode(\"{\\\"a\\\":${data.alicloud_account.this.id}}\").a", "[jsondecode(…)]"),
        ("strrev(local.a)", "[#]"),
        ("length(local.a)", "[#]"),
    ] {
        assert_eq!(x(expression), value, "{expression}");
    }
}

#[test]
fn companions_of_keys_that_are_not_known_doubt_what_they_may_speak_of() {
    let acls = |keys: &str, buckets: &str| {
        let main = format!(
            "variable \"n\" {{}}\n{buckets}\nresource \"alicloud_oss_bucket_acl\" \"a\" {{\n  for_each = toset({keys})\n  bucket = each.key\n  acl = \"public-read\"\n}}\n"
        );
        let inventory = Inventory::join(vec![read_module("", &[file("main.tf", &main)])]);
        let state = |bucket: &Bucket| match &bucket.acl.state {
            State::Known(acl) => acl.to_string(),
            state => format!("{state:?}"),
        };
        inventory.all::<Bucket>().iter().map(state).collect::<Vec<_>>()
    };
    let buckets =
        "resource \"alicloud_oss_bucket\" \"b\" {\n  for_each = toset([\"shop\", \"logs\"])\n  bucket = each.key\n}";
    let doubt = format!("{:?}", State::<String>::Unknown(Reason::unresolved("var.n")));
    assert_eq!(acls("[\"shop\"]", buckets), ["private", "public-read"]);
    assert_eq!(acls("[\"shop\", var.n]", buckets), [doubt, "public-read".to_owned()]);
}
