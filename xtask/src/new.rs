//! A check file to fill in.

use std::fs;
use std::path::Path;

use xiezhi_model::service;

/// Writes `checks/<service>/<id>.md`. The file does not load before it is filled in, on purpose.
pub fn check(root: &Path, id: &str, subject: &str) -> Result<(), String> {
    let schema =
        service::kind(subject).ok_or_else(|| format!("there is no kind `{subject}`: docs/model.md lists them"))?;
    let folder = root.join("checks").join(subject.split('.').next().unwrap_or(subject));
    let path = folder.join(format!("{id}.md"));
    if path.exists() {
        return Err(format!("`{}` is there already", path.display()));
    }
    let name = schema.short_name();
    let field = schema.fields.first().map_or("name", |field| field.name);
    let text = format!(
        "+++\nid = \"{id}\"\nseverity = \"\"\nsubject = \"{subject}\"\nfail = '''{name}.{field} == '''\ncontrols = []\n\
         catalogue = []\nrefs = []\n+++\n\n# \n# \n\n## Why\n\n## 原因\n\n## Fix\n\n## 修复\n\n## Examples\n\n\
         ```facts => fail\n{name}.{field} = \n```\n\n```facts => pass\n{name}.{field} = \n```\n\n\
         ```facts => unknown\n{name}.{field} = unknown(refused, \"\")\n```\n"
    );
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    fs::write(&path, text).map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    println!("{}", path.display());
    Ok(())
}
