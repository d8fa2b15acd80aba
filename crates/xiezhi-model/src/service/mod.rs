//! The kinds of resources, one file per service.
//!
//! To add a kind: declare it in its service's file with `resource!` and name it in [`KINDS`]. To add a field: one line
//! in the struct, one line in each adapter of `xiezhi-read` that can fill it.

pub mod account;
pub mod ack;
pub mod actiontrail;
pub mod alidns;
pub mod apigateway;
pub mod bastionhost;
pub mod cas;
pub mod cdn;
pub mod cloudfw;
pub mod cloudsso;
pub mod config;
pub mod cr;
pub mod ddos;
pub mod emr;
pub mod fc;
pub mod mse;
pub mod oss;
pub mod ram;
pub mod resourcedirectory;
pub mod sas;
pub mod sls;
pub mod waf;

use crate::Schema;

/// Every kind of resource, in order of name.
pub const KINDS: &[&Schema] = &[
    account::Account::SCHEMA,
    ack::Cluster::SCHEMA,
    ack::NodePool::SCHEMA,
    actiontrail::Trail::SCHEMA,
    alidns::Domain::SCHEMA,
    alidns::Record::SCHEMA,
    apigateway::Api::SCHEMA,
    apigateway::Group::SCHEMA,
    apigateway::Instance::SCHEMA,
    apigateway::NativeGateway::SCHEMA,
    bastionhost::Instance::SCHEMA,
    cas::Certificate::SCHEMA,
    cdn::Domain::SCHEMA,
    cloudfw::Asset::SCHEMA,
    cloudfw::Firewall::SCHEMA,
    cloudfw::Policy::SCHEMA,
    cloudsso::AccessConfiguration::SCHEMA,
    cloudsso::Assignment::SCHEMA,
    cloudsso::Directory::SCHEMA,
    config::Pack::SCHEMA,
    config::Recorder::SCHEMA,
    config::Rule::SCHEMA,
    cr::Instance::SCHEMA,
    cr::Repository::SCHEMA,
    cdn::DynamicDomain::SCHEMA,
    ddos::Domain::SCHEMA,
    ddos::Instance::SCHEMA,
    ddos::OriginInstance::SCHEMA,
    ddos::PortRule::SCHEMA,
    ddos::PublicAddress::SCHEMA,
    emr::Cluster::SCHEMA,
    fc::CustomDomain::SCHEMA,
    fc::Function::SCHEMA,
    fc::Service::SCHEMA,
    fc::Trigger::SCHEMA,
    mse::Cluster::SCHEMA,
    mse::Gateway::SCHEMA,
    oss::Bucket::SCHEMA,
    ram::Group::SCHEMA,
    ram::OidcProvider::SCHEMA,
    ram::PasswordPolicy::SCHEMA,
    ram::Policy::SCHEMA,
    ram::Attachment::SCHEMA,
    ram::Role::SCHEMA,
    ram::SamlProvider::SCHEMA,
    ram::User::SCHEMA,
    resourcedirectory::ControlPolicy::SCHEMA,
    resourcedirectory::Directory::SCHEMA,
    resourcedirectory::Member::SCHEMA,
    resourcedirectory::ResourceGroup::SCHEMA,
    sas::Asset::SCHEMA,
    sas::BruteForceRule::SCHEMA,
    sas::Center::SCHEMA,
    sas::Vulnerability::SCHEMA,
    sls::Alert::SCHEMA,
    sls::CollectionPolicy::SCHEMA,
    sls::Logstore::SCHEMA,
    sls::Project::SCHEMA,
    waf::Domain::SCHEMA,
    waf::Instance::SCHEMA,
    waf::ProtectedObject::SCHEMA,
    waf::Rule::SCHEMA,
    waf::Template::SCHEMA,
];

/// The kind with that name.
pub fn kind(name: &str) -> Option<&'static Schema> {
    KINDS.iter().copied().find(|schema| schema.kind == name)
}
