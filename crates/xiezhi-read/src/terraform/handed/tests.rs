use std::collections::BTreeSet;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Batch, Fact, Inventory, Label, List, Reason, Schema};

use crate::SourceFile;
use crate::sink::{Around, Sink};
use crate::terraform::{map::BLOCKS, read_module};
use crate::tree::{Node, Tree};

const ESTATE: &str = "
resource \"alicloud_vpc\" \"main\" {
  cidr_block = \"10.0.0.0/16\"
}
resource \"alicloud_security_group\" \"web\" {
  vpc_id = alicloud_vpc.main.id
}
resource \"alicloud_security_group_rule\" \"https\" {
  type              = \"ingress\"
  ip_protocol       = \"tcp\"
  port_range        = \"443/443\"
  cidr_ip           = \"0.0.0.0/0\"
  security_group_id = alicloud_security_group.web.id
}
resource \"alicloud_instance\" \"web\" {
  security_groups = [alicloud_security_group.web.id]
  private_ip      = \"10.0.1.10\"
}
variable \"env\" {}
resource \"random_id\" \"tail\" {
  byte_length = 4
}
resource \"alicloud_oss_bucket\" \"logs\" {
  bucket = \"acme-${var.env}-logs\"
}
resource \"alicloud_oss_bucket\" \"data\" {
  bucket = \"records-${random_id.tail.hex}\"
}
";

fn read(files: &[(&str, &str)]) -> Inventory {
    let files: Vec<SourceFile> =
        files.iter().map(|(path, text)| SourceFile { path: (*path).into(), bytes: text.as_bytes().to_vec() }).collect();
    Inventory::join(vec![read_module("", &files)])
}

fn estate(more: &str) -> Inventory {
    read(&[("main.tf", &format!("{ESTATE}{more}"))])
}

fn call(arguments: &str) -> Inventory {
    estate(&format!("module \"far\" {{\n  source = \"example/far/alicloud\"\n  {arguments}\n}}\n"))
}

fn rules(inventory: &Inventory) -> (usize, Option<Reason>, Label) {
    let groups: &[SecurityGroup] = inventory.all();
    let rules = &groups[0].rules;
    let list: &List<_> = rules.value().unwrap();
    (list.items.len(), list.more.clone(), rules.origin.label)
}

/// Which buckets a companion in the module may speak of.
fn doubted(inventory: &Inventory) -> Vec<&str> {
    let open = |fact: &Fact<_>| fact.reason() == Some(&far());
    let buckets: &[Bucket] = inventory.all();
    buckets.iter().filter(|one| open(&one.acl)).map(|one| one.head.address.as_str()).collect()
}

fn far() -> Reason {
    Reason::unresolved("module.far")
}

#[test]
fn a_module_that_is_not_handed_a_group_leaves_its_rules_and_says_that_this_is_inferred() {
    let inventory = call("vpc_id = alicloud_vpc.main.id");
    assert_eq!(rules(&inventory), (1, None, Label::Inference));
    assert_eq!(doubted(&inventory), Vec::<&str>::new());
    let buckets: &[Bucket] = inventory.all();
    assert_eq!(buckets[0].acl.value().unwrap(), "private");
    assert_eq!(buckets[0].acl.origin.label, Label::Inference);
    assert_eq!(buckets[0].redundancy.origin.label, Label::Documentation, "nothing but the bucket's own block sets it");
    assert_eq!(rules(&estate("")).2, Label::UserProvided, "without a module nothing is assumed");
}

#[test]
fn rules_stay_open_when_any_argument_leads_to_their_group() {
    for more in [
        "group = alicloud_security_group.web.id",
        "groups = alicloud_security_group.web[*].id",
        "group = alicloud_security_group.web",
        "text = \"x-${alicloud_security_group.web.id}\"",
        "depends_on = [alicloud_security_group.web]",
        "for_each = { a = alicloud_security_group.web.id }\n  group = each.value",
        "groups = [for group in [alicloud_security_group.web] : group.id]",
        "instance = alicloud_instance.web",
        "groups = alicloud_instance.web.security_groups",
        "group = alicloud_security_group_rule.https.security_group_id",
    ] {
        assert_eq!(rules(&call(more)).1, Some(far()), "{more}");
    }
    for (indirect, argument) in [
        ("locals {\n  a = local.b\n  b = { id = alicloud_security_group.web.id }\n}", "group = local.a.id"),
        (
            "resource \"null_resource\" \"n\" {\n  triggers = { id = alicloud_security_group.web.id }\n}",
            "x = null_resource.n.id",
        ),
        (
            "data \"alicloud_security_groups\" \"d\" {\n  ids = [alicloud_security_group.web.id]\n}",
            "x = data.alicloud_security_groups.d.groups[0].id",
        ),
        (
            "module \"other\" {\n  source = \"example/other/alicloud\"\n  group = alicloud_security_group.web.id\n}",
            "x = module.other.y",
        ),
    ] {
        let text = format!("{indirect}\nmodule \"far\" {{\n  source = \"example/far/alicloud\"\n  {argument}\n}}\n");
        assert!(rules(&estate(&text)).1.is_some(), "{argument}");
    }
    assert_eq!(
        rules(&call("instance = alicloud_instance.web.id")).1,
        None,
        "an id of another resource leads nowhere else"
    );
}

#[test]
fn what_a_local_module_passes_on_is_handed_from_outside_it() {
    let inner = "variable \"sg\" {}\nmodule \"far\" {\n  source = \"example/far/alicloud\"\n  group = var.sg\n}\noutput \"same\" {\n  value = var.sg\n}\n";
    let with = |main: &str| rules(&read(&[("main.tf", &format!("{ESTATE}{main}")), ("in/main.tf", inner)])).1;
    assert_eq!(with("module \"in\" {\n  source = \"./in\"\n  sg = alicloud_security_group.web.id\n}\n"), Some(far()));
    assert_eq!(with("module \"in\" {\n  source = \"./in\"\n  sg = alicloud_vpc.main.id\n}\n"), None);
    let back = "module \"in\" {\n  source = \"./in\"\n  sg = \"sg-1\"\n}\nmodule \"more\" {\n  source = \"example/m/alicloud\"\n  x = module.in.same\n}\n";
    assert_eq!(with(back), None);
}

#[test]
fn a_bucket_is_open_to_a_module_that_may_know_its_name_and_a_group_is_not() {
    for (argument, expected) in [
        ("name = \"acme-prod-logs\"", vec!["alicloud_oss_bucket.logs"]),
        ("env = var.env", vec!["alicloud_oss_bucket.logs"]),
        ("prefix = \"acme\"", vec!["alicloud_oss_bucket.logs"]),
        ("tail = random_id.tail.hex", vec!["alicloud_oss_bucket.data"]),
        ("bucket = alicloud_oss_bucket.data.id", vec!["alicloud_oss_bucket.data"]),
        ("zone = \"cn-hangzhou-h\"", vec![]),
        ("count = 2", vec![]),
    ] {
        let inventory = call(argument);
        assert_eq!(doubted(&inventory), expected, "{argument}");
        assert_eq!(rules(&inventory).1, None, "{argument}");
    }
}

#[test]
fn a_private_address_that_both_write_leads_to_the_resource_that_has_it() {
    let about = |inventory: &Inventory| {
        let gaps = inventory.gaps(xiezhi_model::service::eip::Eip::SCHEMA);
        let about: BTreeSet<String> =
            gaps[0].about.iter().flat_map(|all| all.iter().map(ToString::to_string)).collect();
        about
    };
    assert_eq!(about(&call("target = \"10.0.1.10\"")), BTreeSet::from(["alicloud_instance.web".to_owned()]));
    assert_eq!(about(&call("target = \"10.0.1.1\"")), BTreeSet::new());
}

#[test]
fn no_kind_is_listed_to_its_end_and_what_the_account_has_once_is_open() {
    let inventory = call("");
    let gap = |kind: &'static Schema| inventory.gaps(kind)[0].reason.clone();
    assert_eq!((gap(Bucket::SCHEMA), gap(SecurityGroup::SCHEMA)), (far(), far()));
    let accounts: &[Account] = inventory.all();
    assert_eq!(accounts[0].oss_block_public_access.reason(), Some(&far()));
}

/// A block that nobody can read speaks of something: of a resource that is there, or of what the account has once.
#[test]
fn every_companion_that_nobody_can_read_casts_doubt() {
    let reason = far();
    let node = Node::new(Tree::Unknown(reason.clone()), 0);
    let origin = crate::fields::documented("a page").known(()).origin;
    let mut silent = Vec::new();
    for block in BLOCKS.iter().flat_map(|blocks| blocks.iter()).filter(|block| block.kind.is_none()) {
        let mut said = Batch::new();
        let mut around = Around::nothing(origin.clone());
        around.region = Fact::unknown(reason.clone(), origin.clone());
        let fields = crate::fields::Fields::new(&node, &origin, "");
        (block.read)(&fields, &mut Sink { batch: &mut said, around });
        let mut batch = Batch::new();
        for kind in xiezhi_model::service::KINDS {
            kind.blank.iter().for_each(|blank| blank(&mut batch, &origin));
        }
        let once = said.records().any(|record| record.schema().scope == xiezhi_model::Scope::Account);
        batch.put_off(said);
        batch.finish();
        let text = format!("{:?}", batch.records().collect::<Vec<_>>());
        if !once && !text.contains("module.far") {
            silent.push(block.name);
        }
    }
    assert_eq!(silent, Vec::<&str>::new());
}
