//! What a configuration may say, and what a refusal of it says.

use super::*;

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::read("house.toml", text, PathBuf::from("/srv/house"), &Variables::of(variables))
}

fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    read(text, variables).unwrap_err().to_string()
}

#[test]
fn an_unknown_key_is_refused_with_file_line_and_column() {
    let said = refusal("profile = \"hotline\"\n[database]\n  readrs = 3\n", &[]);
    assert!(said.starts_with("house.toml:3:3: unknown field `readrs`"), "{said}");
    let said = refusal("profile = \"hotline\"\n\n[bogus]\nx = 1\n", &[]);
    assert!(said.starts_with("house.toml:3:2: unknown field `bogus`"), "{said}");
}

#[test]
fn a_wrong_type_and_a_broken_file_are_refused_with_their_line() {
    assert!(
        refusal("profile = \"ncmec\"\nmigrate = \"perhaps\"\n", &[])
            .starts_with("house.toml:2:11: invalid type")
    );
    assert!(refusal("profile = \"ncmec\"\nmigrate =\n", &[]).starts_with("house.toml:2:"));
    assert!(refusal("profile = \"police\"\n", &[]).starts_with("house.toml:1:11: unknown variant `police`"));
}

#[test]
fn the_environment_overrides_text_numbers_lists_and_listeners() {
    let config = read(
        "profile = \"hotline\"\n[database]\nreaders = 3\n",
        &[
            ("CLEARINGHOUSE__DATABASE__READERS", "9"),
            ("CLEARINGHOUSE__ORIGIN", "123"),
            ("CLEARINGHOUSE__MIGRATE", "true"),
            ("CLEARINGHOUSE__LISTEN__INTAKE__SURFACES", "[\"providers\"]"),
            ("CLEARINGHOUSE__LISTEN__INTAKE__ADDRESS", "192.0.2.1:443"),
            ("CLEARINGHOUSE_OTHER", "not ours"),
        ],
    )
    .unwrap();
    assert_eq!(config.settings.database.readers, 9);
    assert_eq!(config.settings.origin, "123");
    assert!(config.settings.migrate);
    let listeners = config.listeners();
    assert_eq!(listeners.len(), 1);
    assert_eq!(listeners[0].1.surfaces, [Surface::Providers]);
    assert_eq!(listeners[0].1.address.to_string(), "192.0.2.1:443");
}

#[test]
fn an_unknown_variable_is_refused_by_name() {
    let said = refusal("profile = \"hotline\"\n", &[("CLEARINGHOUSE__DATABASE__READRS", "9")]);
    assert!(
        said.starts_with("environment variable CLEARINGHOUSE__DATABASE__READRS: unknown field"),
        "{said}"
    );
    let said = refusal("profile = \"hotline\"\n", &[("CLEARINGHOUSE__ORIGIN__X", "9")]);
    assert!(said.starts_with("environment variable CLEARINGHOUSE__ORIGIN__X: "), "{said}");
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    let said = refusal("profile = \"hotline\"\n[vault]\nsecret_access_key = \"hidden\"\n", &[]);
    assert!(said.starts_with("house.toml:3: vault.secret_access_key is a secret"), "{said}");
    assert!(!said.contains("hidden") && said.contains("CLEARINGHOUSE__VAULT__SECRET_ACCESS_KEY"), "{said}");
    let said =
        refusal("profile = \"hotline\"\n[database]\nurl = \"postgres://desk:hidden@db.example/x\"\n", &[]);
    assert!(
        said.starts_with("house.toml:3: database.url holds a password") && !said.contains("hidden"),
        "{said}"
    );
}

#[test]
fn secrets_come_from_the_environment_or_from_a_file() {
    let scratch = tempfile::tempdir().unwrap();
    fs::write(scratch.path().join("password"), "from file\n").unwrap();
    let text = "profile = \"hotline\"\n[database]\nurl = \"postgres://desk@db.example/x\"\npassword_file = \"password\"\n";
    let from_file =
        Config::read("house.toml", text, scratch.path().to_owned(), &Variables::default()).unwrap();
    let url = from_file.store().unwrap().database.url;
    assert_eq!(url.reveal(), "postgres://desk:from%20file@db.example/x");
    let from_environment = read(text, &[("CLEARINGHOUSE__DATABASE__PASSWORD", "1234")]).unwrap();
    assert_eq!(from_environment.store().unwrap().database.url.reveal(), "postgres://desk:1234@db.example/x");
    let printed = format!("{from_environment:?}");
    assert!(!printed.contains("1234"), "{printed}");
}

#[test]
fn relative_paths_count_from_the_folder_of_the_file() {
    let store = read("profile = \"hotline\"\n", &[]).unwrap().store().unwrap();
    assert_eq!(store.database.url.reveal(), "sqlite:/srv/house/clearinghouse.sqlite");
    assert_eq!(store.vault.url, "file:/srv/house/vault");
    assert_eq!(store.root_key_file, Path::new("/srv/house/root.key"));
    assert!(!store.migrate);
}

// PROVES: R-01
#[test]
fn a_configuration_without_a_profile_is_refused() {
    let said = read("", &[]).unwrap().store().unwrap_err().to_string();
    assert!(said.contains("does not say its profile") && said.contains("synthetic-demo"), "{said}");
}

#[test]
fn the_schema_describes_every_key_and_knows_the_secrets() {
    let schema = Config::schema();
    for (name, table) in schema["properties"].as_object().unwrap() {
        for (key, shape) in table["properties"].as_object().into_iter().flatten() {
            assert!(shape["description"].as_str().is_some_and(|text| text.len() > 5), "{name}.{key}");
        }
    }
    assert_eq!(schema["properties"]["database"]["properties"]["readers"]["default"], 4);
    let secrets = ["database.password", "vault.secret_access_key", "custody.secret", "mail.password"];
    assert_eq!(shape::secrets(&schema), secrets);
}
