//! Modules of which nobody can tell how often they are called: what stands in them may be there or not, and the rest of the
//! configuration is as it is.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ecs::RegionSettings;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::vpc::Vpc;
use xiezhi_model::{Inventory, Reason, State};

use super::read_module;
use crate::SourceFile;

const BUCKET: &str = "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"shop\"\n}\n";
const ACL: &str =
    "resource \"alicloud_oss_bucket_acl\" \"a\" {\n  bucket = alicloud_oss_bucket.b.id\n  acl = \"private\"\n}\n";

/// A root and a module that it calls `var.n` times.
fn estate(root: &str, call: &str, module: &str) -> Inventory {
    let root = format!("variable \"n\" {{}}\n{root}\nmodule \"m\" {{\n  source = \"./m\"\n  {call}\n}}\n");
    let file = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.as_bytes().to_vec() };
    let batch = read_module("root", &[file("root/main.tf", &root), file("root/m/main.tf", module)]);
    assert_eq!(batch.problems, vec![]);
    Inventory::join(vec![batch])
}

fn open() -> Option<Reason> {
    Some(Reason::unresolved("var.n"))
}

#[test]
fn a_module_that_may_not_be_called_opens_the_kinds_that_it_holds_and_no_others() {
    for call in ["count = var.n", "for_each = var.n"] {
        let inventory = estate(BUCKET, call, "resource \"alicloud_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n");
        assert_eq!(inventory.gaps(Bucket::SCHEMA), vec![], "{call}");
        assert_eq!(inventory.gaps(Vpc::SCHEMA).first().map(|gap| gap.reason.clone()), open(), "{call}");
        assert_eq!(inventory.all::<Vpc>().len(), 1);
        let [account] = inventory.all::<Account>() else { panic!("one account") };
        assert_eq!(account.oss_block_public_access.value(), Some(&false), "defaults hold outside the module");
    }
}

#[test]
fn what_such_a_module_says_of_its_own_is_certain_and_of_others_is_not() {
    let own = estate("", "count = var.n", &format!("{BUCKET}{ACL}"));
    assert_eq!(own.all::<Bucket>()[0].acl.state, State::Known("private".into()));
    assert_eq!(own.gaps(Bucket::SCHEMA).first().map(|gap| gap.reason.clone()), open());
    let handed = "variable \"bucket\" {}\nresource \"alicloud_oss_bucket_acl\" \"a\" {\n  bucket = var.bucket\n  acl = \"public-read\"\n}\n";
    let other = estate(BUCKET, "count = var.n\n  bucket = alicloud_oss_bucket.b.id", handed);
    assert_eq!(other.all::<Bucket>()[0].acl.reason().cloned(), open());
    assert_eq!(other.gaps(Bucket::SCHEMA), vec![]);
    let by_name = handed.replace("var.bucket", "\"shop\"");
    let other = estate(BUCKET, "count = var.n", &by_name);
    assert_eq!(other.all::<Bucket>()[0].acl.reason().cloned(), open());
}

#[test]
fn a_module_within_such_a_module_is_as_open_as_it_is() {
    let inner = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.as_bytes().to_vec() };
    let root = "variable \"n\" {}\nmodule \"m\" {\n  source = \"./m\"\n  count = var.n\n}\n";
    let middle = format!("{BUCKET}module \"k\" {{\n  source = \"../k\"\n  bucket = alicloud_oss_bucket.b.id\n}}\n");
    let last = "variable \"bucket\" {}\nresource \"alicloud_oss_bucket_acl\" \"a\" {\n  bucket = var.bucket\n  acl = \"private\"\n}\n";
    let files = [inner("r/main.tf", root), inner("r/m/main.tf", &middle), inner("r/k/main.tf", last)];
    let inventory = Inventory::join(vec![read_module("r", &files)]);
    assert_eq!(inventory.all::<Bucket>()[0].acl.state, State::Known("private".into()));
    assert_eq!(inventory.gaps(Bucket::SCHEMA).first().map(|gap| gap.reason.clone()), open());
}

#[test]
fn what_the_account_or_a_region_has_once_is_unknown_when_the_block_that_says_it_may_not_be_there() {
    let block = "resource \"alicloud_oss_account_public_access_block\" \"p\" {\n  block_public_access = true\n}\n";
    let disks = "resource \"alicloud_ecs_disk_encryption_by_default\" \"d\" {\n  encrypted = true\n}\n";
    let inventory = estate(BUCKET, "count = var.n", &format!("{block}{disks}"));
    let blocked: Vec<_> = inventory.all::<Account>().iter().map(|one| one.oss_block_public_access.value()).collect();
    assert!(blocked.iter().all(Option::is_none), "{blocked:?}");
    let encrypted = inventory.all::<RegionSettings>().iter().find_map(|one| one.disk_encryption_by_default.value());
    assert_eq!(encrypted, None);
}
