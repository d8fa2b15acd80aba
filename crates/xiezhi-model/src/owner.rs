//! The own account's id in texts whose source means it and cannot say it.

use crate::service::kms::{Key, Secret};
use crate::service::oss::{AccessPoint, Bucket};
use crate::service::ots::Instance;
use crate::service::ram::{Policy, Role};
use crate::service::resourcedirectory::ControlPolicy;
use crate::service::sls::Project;
use crate::service::vpc::GatewayEndpoint;
use crate::{Fact, Inventory, Resource, State, Text};

/// Stands in policy documents for the id of the account that they are of, where a source means that id and only the
/// account can tell it: `data.alicloud_account` of Terraform, `ALIYUN::TenantId` of ROS. Any other text with it is
/// unknown.
pub const OWN_ACCOUNT: &str = "owner-not-known";

impl Inventory {
    /// Puts the account's id into the policy documents that mean it.
    pub fn name_owner(&mut self, account: &str) {
        let put = |text: &mut Fact<Text>| {
            if let State::Known(known) = &mut text.state
                && known.contains(OWN_ACCOUNT)
            {
                *known = known.replace(OWN_ACCOUNT, account).into();
            }
        };
        each::<Policy>(self, |policy| {
            put(&mut policy.document);
            if let State::Known(versions) = &mut policy.versions.state {
                versions.items.iter_mut().for_each(|version| put(&mut version.document));
            }
        });
        each::<Role>(self, |role| put(&mut role.trust_policy));
        each::<ControlPolicy>(self, |policy| put(&mut policy.document));
        each::<Bucket>(self, |bucket| put(&mut bucket.policy));
        each::<AccessPoint>(self, |point| put(&mut point.policy));
        each::<Key>(self, |key| put(&mut key.policy));
        each::<Secret>(self, |secret| put(&mut secret.policy));
        each::<Project>(self, |project| put(&mut project.policy));
        each::<Instance>(self, |instance| put(&mut instance.policy));
        each::<GatewayEndpoint>(self, |endpoint| put(&mut endpoint.policy));
    }
}

fn each<R: Resource>(inventory: &mut Inventory, change: impl FnMut(&mut R)) {
    if inventory.all::<R>().is_empty() {
        return;
    }
    inventory.all_mut::<R>().iter_mut().for_each(change);
}
