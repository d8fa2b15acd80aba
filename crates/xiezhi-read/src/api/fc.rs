//! Function Compute answers: version 3 (`fc`) and version 2 (`fc-open`).

use xiezhi_model::service::fc::{CustomDomain, Function, Service, Trigger};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::json::Raw;
use crate::secret::contains_credential;
use crate::sink::Sink;
use crate::tree::Tree;

/// The calls of Function Compute.
pub const CALLS: &[Call] = &[
    Call::listing("fc", "ListFunctions", "functions", Function::SCHEMA, function),
    Call::answer("fc", "GetFunction", function),
    Call::listing("fc", "ListTriggers", "triggers", Trigger::SCHEMA, trigger),
    Call::listing("fc", "ListCustomDomains", "customDomains", CustomDomain::SCHEMA, custom_domain),
    Call::answer("fc", "GetCustomDomain", custom_domain),
    Call::listing("fc-open", "ListServices", "services", Service::SCHEMA, service_2),
    Call::answer("fc-open", "GetService", service_2),
    Call::each("fc-open", "ListFunctions", "functions", function_2),
    Call::listing("fc-open", "ListTriggers", "triggers", Trigger::SCHEMA, trigger),
    Call::listing("fc-open", "ListCustomDomains", "customDomains", CustomDomain::SCHEMA, custom_domain),
];

/// Whether the values of environment variables hold something that looks like a credential; they are not kept.
pub(crate) fn environment(f: &Fields<'_>, path: &str) -> Fact<bool> {
    let Some(node) = f.peek(path) else { return f.unknown(Reason::NotInEvidence) };
    match &node.value {
        Tree::Null => f.known(false),
        Tree::Map(entries, more) => {
            let mut open = more.clone();
            for (name, value) in entries {
                match &value.value {
                    // The name belongs to what makes a value a credential: `PASSWORD=…`.
                    Tree::Text(text) if contains_credential(&format!("{name}={text}")) => return f.known(true),
                    Tree::Unknown(reason) => open = Some(reason.clone()),
                    Tree::Reference { address, attribute } => {
                        open = Some(Reason::unresolved(format!("{address}.{attribute}")));
                    }
                    _ => {}
                }
            }
            open.map_or_else(|| f.known(false), |reason| f.unknown(reason))
        }
        Tree::Unknown(reason) => f.unknown(reason.clone()),
        _ => f.unknown(Reason::not_understood("environment variables that are no object")),
    }
}

fn settings(f: &Fields<'_>, service: &mut Service) {
    service.role = f.opt_text("role");
    service.internet_access = f.bool("internetAccess");
    service.vpc = f.opt_text("vpcConfig.vpcId");
    service.log_project = f.opt_text("logConfig.project");
    service.logstore = f.opt_text("logConfig.logstore");
}

/// A function of version 3 holds the settings that a service holds in version 2.
fn function(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text("functionName");
    sink.put(f, name.clone(), |service: &mut Service| {
        service.head.name = name.clone();
        service.version = f.known(3);
        settings(f, service);
        service.environment_has_access_key = environment(f, "environmentVariables");
    });
    sink.put(f, name.clone(), |function: &mut Function| {
        function.head.name = name.clone();
        function.version = f.known(3);
        function.runtime = f.text("runtime");
        function.service = name.map(Link::id);
        function.environment_has_access_key = environment(f, "environmentVariables");
    });
}

fn service_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("serviceName"), |service: &mut Service| {
        service.head.name = f.text("serviceName");
        service.version = f.known(2);
        settings(f, service);
    });
}

fn function_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let service = sink.param("serviceName");
    let name = f.text("functionName");
    let id = match (&service.state, &name.state) {
        (State::Known(service), State::Known(name)) => f.known(Text::from(format!("{service}/{name}"))),
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, id, |function: &mut Function| {
        function.head.name = name;
        function.version = f.known(2);
        function.runtime = f.text("runtime");
        function.service = service.map(Link::id);
        function.environment_has_access_key = environment(f, "environmentVariables");
    });
}

fn trigger(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let function = sink.param("functionName");
    let name = f.text("triggerName");
    let id = match (&function.state, &name.state) {
        (State::Known(function), State::Known(name)) => f.known(Text::from(format!("{function}/{name}"))),
        _ => f.text(if f.has("triggerId") { "triggerId" } else { "triggerName" }),
    };
    sink.put(f, id, |trigger: &mut Trigger| {
        trigger.head.name = name;
        trigger.function = function;
        fill_trigger(trigger, f.text("triggerType"), &config(f, "triggerConfig"), f);
    });
}

/// The configuration of a trigger as JSON text: it stands as text, or as an object that is written out.
pub(crate) fn config(f: &Fields<'_>, path: &str) -> Fact<Text> {
    crate::policy::document(f, path)
}

/// Kind, authentication and internet address of a trigger out of its configuration.
pub(crate) fn fill_trigger(trigger: &mut Trigger, kind: Fact<Text>, config: &Fact<Text>, f: &Fields<'_>) {
    let http = kind.value().map(|kind| kind == "http");
    if let Some(reason) = kind.reason() {
        trigger.auth = f.unknown(reason.clone());
        trigger.internet_disabled = f.unknown(reason.clone());
    }
    trigger.kind = kind;
    match http {
        Some(true) => {
            trigger.auth = inside(config, |config| config.text("authType"));
            // Left out, the address is on. Source: FC, HTTP trigger `disableURLInternet`.
            trigger.internet_disabled =
                inside(config, |config| config.bool_or("disableURLInternet", false, "FC, HTTP triggers"));
        }
        Some(false) => {
            trigger.auth = f.absent();
            trigger.internet_disabled = f.absent();
        }
        None => {}
    }
}

/// What stands in JSON that is written as text.
pub(crate) fn inside<T>(config: &Fact<Text>, read: impl FnOnce(&Fields<'_>) -> Fact<T>) -> Fact<T> {
    let origin = config.origin.clone();
    match &config.state {
        State::Known(json) => match Raw::whole(json).node() {
            Ok(node) => {
                let mut fact = read(&Fields::new(&node, &origin, ""));
                fact.origin = origin;
                fact
            }
            Err(error) => Fact::unknown(error.reason(), origin),
        },
        State::Absent => Fact::unknown(Reason::NotInEvidence, origin),
        State::Unknown(reason) => Fact::unknown(reason.clone(), origin),
    }
}

/// `HTTP`, `HTTPS` or `HTTP,HTTPS` as a list in lower case.
pub(crate) fn protocols(f: &Fields<'_>, path: &str) -> Fact<List<Text>> {
    f.texts(path)
        .map(|list| List { items: list.items.iter().map(|word| word.to_ascii_lowercase()).collect(), more: list.more })
}

fn custom_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domainName"), |domain: &mut CustomDomain| {
        domain.head.name = f.text("domainName");
        domain.domain = f.text("domainName");
        domain.protocols = protocols(f, "protocol");
        domain.certificate = f.opt_text("certConfig.certName");
        domain.tls_min = f.opt_text("tlsConfig.minVersion");
        domain.targets = f
            .opt_records("routeConfig.routes", |route| {
                route.text(if route.has("serviceName") { "serviceName" } else { "functionName" })
            })
            .map(known);
    });
}

/// The texts that are known; one that is not may be any.
pub(crate) fn known(list: List<Fact<Text>>) -> List<Text> {
    let mut texts = List { items: vec![], more: list.more };
    for item in list.items {
        match item.state {
            State::Known(text) => texts.items.push(text),
            State::Absent => {}
            State::Unknown(reason) => texts.more = Some(reason),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_function_of_version_three_has_its_settings_and_no_secret_is_kept() {
        let inventory = answers(&[(
            "fc:ListFunctions",
            "",
            r#"{"functions":[{"functionName":"f","runtime":"python3.10","role":"","internetAccess":true,
            "vpcConfig":{"vpcId":""},"logConfig":{"project":"p","logstore":"l"},
            "environmentVariables":{"ALIBABA_CLOUD_ACCESS_KEY_ID":"LTAI5tFakeFakeFakeFake01"}}]}"#,
        )]);
        let service: &Service = only(&inventory);
        assert!(service.role.is_absent() && service.vpc.is_absent());
        assert_eq!(service.internet_access.value(), Some(&true));
        assert_eq!(service.environment_has_access_key.value(), Some(&true));
        assert!(!format!("{:?}", inventory.all::<Function>()).contains("LTAI5t"));
    }

    #[test]
    fn the_configuration_of_a_trigger_is_json_inside_the_answer() {
        let inventory = answers(&[(
            "fc:ListTriggers",
            "functionName=f",
            r#"{"triggers":[{"triggerName":"h","triggerType":"http","triggerConfig":"{\"authType\":\"anonymous\",\"methods\":[\"GET\"]}"},
            {"triggerName":"o","triggerType":"oss","triggerConfig":"{}"}]}"#,
        )]);
        let triggers = inventory.all::<Trigger>();
        assert_eq!(triggers[0].auth.value().map(Text::as_str), Some("anonymous"));
        assert_eq!(triggers[0].internet_disabled.value(), Some(&false));
        assert!(triggers[1].auth.is_absent());
    }
}
