//! Names that are no person's.

/// Whether one of the name's words names a department.
pub(super) fn is_department(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.into_iter().any(|word| DEPARTMENTS.contains(&word.as_str()))
}

/// Names of departments and of addresses that many read: nobody says "I am sorry, Accounts".
const DEPARTMENTS: &[&str] = &[
    "accounting",
    "accounts",
    "achats",
    "acquisti",
    "administratie",
    "administration",
    "administrativo",
    "amministrazione",
    "atendimento",
    "billing",
    "boekhouding",
    "buchhaltung",
    "compras",
    "comptabilité",
    "contabilidad",
    "contabilidade",
    "contabilità",
    "contact",
    "customer",
    "department",
    "einkauf",
    "finance",
    "financeiro",
    "helpdesk",
    "info",
    "inkoop",
    "invoices",
    "kundendienst",
    "kundenservice",
    "office",
    "orders",
    "payable",
    "purchasing",
    "reception",
    "rechnungen",
    "sales",
    "secretariat",
    "sekretariat",
    "service",
    "support",
    "team",
    "vendas",
    "vendite",
    "ventas",
    "ventes",
    "verkauf",
    "verkoop",
    "vertrieb",
];
