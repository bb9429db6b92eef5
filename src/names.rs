//! Who there is: subjects by number, and the names the numbers stand for.
//!
//! Numbers are given in the declared order of names (part by part, by bytes; the members of one `count` by number), so
//! comparing numbers is comparing names, and a million members of one `count` cost one name.

mod find;

use std::fmt;
use std::fmt::Write;
use std::ops::Range;

/// What a subject is, in the declared order of subjects at one instant.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A customer's key, as a whole.
    Key,
    /// A key in one region.
    Replica,
    /// A region.
    Region,
    /// A customer of the service.
    Org,
    /// An org in one region.
    Site,
    /// A collection.
    Collection,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: &'static [Kind] = &[
        Kind::Key,
        Kind::Replica,
        Kind::Region,
        Kind::Org,
        Kind::Site,
        Kind::Collection,
    ];

    /// As it is written in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Key => "key",
            Kind::Replica => "replica",
            Kind::Region => "region",
            Kind::Org => "org",
            Kind::Site => "site",
            Kind::Collection => "collection",
        }
    }
}

/// One thing that facts are about. The order is the declared one: kind, name, incarnation.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Subject {
    /// What it is.
    pub kind: Kind,
    /// Its number among its kind.
    pub id: u32,
    /// Which incarnation of a collection: 1, and 2 after its first re-creation; 1 for everything else.
    pub incarnation: u32,
}

impl Subject {
    /// The subject of that kind and number, in its first incarnation.
    pub const fn new(kind: Kind, id: u32) -> Subject {
        Subject {
            kind,
            id,
            incarnation: 1,
        }
    }
}

/// One org as the file writes it, with all its members (`count`), sites and collections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrgGroup {
    /// The name in the file.
    pub name: String,
    /// How many members `name-1 …` there are; `None` for the one org `name`.
    pub count: Option<u32>,
    /// Its regions, by number in the list of regions, ascending.
    pub regions: Vec<u32>,
    /// Its collections: ascending by region, then by name.
    pub collections: Vec<CollectionGroup>,
    first_org: u32,
    first_site: u32,
    first_collection: u32,
    collections_each: u32,
}

/// One collection as the file writes it, with all its members (`count`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CollectionGroup {
    /// The position of its region in its org's `regions`.
    pub site: u32,
    /// The name in the file.
    pub name: String,
    /// How many members `name-1 …` there are; `None` for the one collection `name`.
    pub count: Option<u32>,
    offset: u32,
}

impl OrgGroup {
    /// An org with its regions (ascending numbers) and its collections: region (a number), name, count.
    /// The collections are put in order here.
    pub fn new(
        name: String,
        count: Option<u32>,
        regions: Vec<u32>,
        collections: Vec<(u32, String, Option<u32>)>,
    ) -> OrgGroup {
        assert!(
            regions.is_sorted(),
            "the regions of an org are given in order"
        );
        let mut groups: Vec<CollectionGroup> = collections
            .into_iter()
            .map(|(region, name, count)| {
                let site = regions.binary_search(&region);
                let site = site.expect("a collection lives in a region of its org");
                CollectionGroup {
                    site: site as u32,
                    name,
                    count,
                    offset: 0,
                }
            })
            .collect();
        groups.sort_by(|a, b| (a.site, &a.name).cmp(&(b.site, &b.name)));
        let mut each = 0;
        for group in &mut groups {
            group.offset = each;
            each += group.count.unwrap_or(1);
        }
        OrgGroup {
            name,
            count,
            regions,
            collections: groups,
            first_org: 0,
            first_site: 0,
            first_collection: 0,
            collections_each: each,
        }
    }

    fn members(&self) -> u32 {
        self.count.unwrap_or(1)
    }
}

/// Where a collection belongs.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Home {
    /// The org as the file writes it.
    pub group: usize,
    /// The member of that org, from 0.
    pub member: u32,
    /// The collection as the file writes it, among the org's `collections`.
    pub collection: usize,
    /// The member of that collection, from 0.
    pub number: u32,
    /// Its site.
    pub site: u32,
}

/// All the names of one scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    keys: Vec<String>,
    regions: Vec<String>,
    replicas: Vec<(u32, u32)>,
    orgs: Vec<OrgGroup>,
    counts: [u32; 3],
}

impl Names {
    /// The names, each list already in order; `replicas` are pairs of key and region numbers.
    pub fn new(
        keys: Vec<String>,
        regions: Vec<String>,
        replicas: Vec<(u32, u32)>,
        mut orgs: Vec<OrgGroup>,
    ) -> Names {
        assert!(
            keys.is_sorted() && regions.is_sorted() && replicas.is_sorted(),
            "names in order"
        );
        assert!(orgs.is_sorted_by(|a, b| a.name < b.name), "orgs in order");
        let mut counts = [0u32; 3];
        for org in &mut orgs {
            [org.first_org, org.first_site, org.first_collection] = counts;
            counts[0] += org.members();
            counts[1] += org.members() * org.regions.len() as u32;
            counts[2] += org.members() * org.collections_each;
        }
        Names {
            keys,
            regions,
            replicas,
            orgs,
            counts,
        }
    }

    /// How many subjects of a kind there are; their numbers are 0 … that − 1.
    pub fn count(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Key => self.keys.len() as u32,
            Kind::Replica => self.replicas.len() as u32,
            Kind::Region => self.regions.len() as u32,
            Kind::Org => self.counts[0],
            Kind::Site => self.counts[1],
            Kind::Collection => self.counts[2],
        }
    }

    /// The name of a key.
    pub fn key(&self, id: u32) -> &str {
        &self.keys[id as usize]
    }

    /// The name of a region.
    pub fn region(&self, id: u32) -> &str {
        &self.regions[id as usize]
    }

    /// The number of the region of that name.
    pub fn find_region(&self, name: &str) -> Option<u32> {
        self.regions
            .binary_search_by(|it| it.as_str().cmp(name))
            .ok()
            .map(|at| at as u32)
    }

    /// The number of the key of that name.
    pub fn find_key(&self, name: &str) -> Option<u32> {
        self.keys
            .binary_search_by(|it| it.as_str().cmp(name))
            .ok()
            .map(|at| at as u32)
    }

    /// The key and the region of a replica.
    pub fn replica(&self, id: u32) -> (u32, u32) {
        self.replicas[id as usize]
    }

    /// The replicas of a key, which have consecutive numbers.
    pub fn replicas_of(&self, key: u32) -> Range<u32> {
        let first = |key| self.replicas.partition_point(|it| it.0 < key) as u32;
        first(key)..first(key + 1)
    }

    /// The number of the replica of that key in that region.
    pub fn find_replica(&self, key: u32, region: u32) -> Option<u32> {
        self.replicas
            .binary_search(&(key, region))
            .ok()
            .map(|at| at as u32)
    }

    /// The orgs as the file writes them, in order.
    pub fn orgs(&self) -> &[OrgGroup] {
        &self.orgs
    }

    /// The orgs that an org of the file stands for.
    pub fn org_members(&self, group: usize) -> Range<u32> {
        let org = &self.orgs[group];
        org.first_org..org.first_org + org.members()
    }

    /// The sites of one member (from 0) of an org of the file, in the order of its `regions`.
    pub fn sites_of(&self, group: usize, member: u32) -> Range<u32> {
        let org = &self.orgs[group];
        let each = org.regions.len() as u32;
        let first = org.first_site + member * each;
        first..first + each
    }

    /// The members of one collection of the file, in one member (from 0) of its org.
    pub fn collections_of(&self, group: usize, member: u32, collection: usize) -> Range<u32> {
        let org = &self.orgs[group];
        let it = &org.collections[collection];
        let first = org.first_collection + member * org.collections_each + it.offset;
        first..first + it.count.unwrap_or(1)
    }

    /// The org of the file, and the member of it (from 0), that an org number stands for.
    pub fn org(&self, id: u32) -> (usize, u32) {
        let group = self.orgs.partition_point(|org| org.first_org <= id) - 1;
        (group, id - self.orgs[group].first_org)
    }

    /// The org of the file, the member of it (from 0) and the region of a site.
    pub fn site(&self, id: u32) -> (usize, u32, u32) {
        let group = last_at_or_before(
            &self.orgs,
            |org| org.first_site,
            |org| !org.regions.is_empty(),
            id,
        );
        let org = &self.orgs[group];
        let within = id - org.first_site;
        let each = org.regions.len() as u32;
        (group, within / each, org.regions[(within % each) as usize])
    }

    /// Where a collection belongs.
    pub fn home(&self, id: u32) -> Home {
        let group = last_at_or_before(
            &self.orgs,
            |org| org.first_collection,
            |org| org.collections_each > 0,
            id,
        );
        let org = &self.orgs[group];
        let within = id - org.first_collection;
        let member = within / org.collections_each;
        let offset = within % org.collections_each;
        let collection = org.collections.partition_point(|it| it.offset <= offset) - 1;
        let it = &org.collections[collection];
        let site = org.first_site + member * org.regions.len() as u32 + it.site;
        Home {
            group,
            member,
            collection,
            number: offset - it.offset,
            site,
        }
    }

    /// The collections of a site, in order.
    pub fn collections_in(&self, site: u32) -> Range<u32> {
        let (group, member, _) = self.site(site);
        let org = &self.orgs[group];
        let at = (site - org.first_site) % org.regions.len() as u32;
        let from = org.collections.partition_point(|it| it.site < at);
        let to = org.collections.partition_point(|it| it.site <= at);
        let base = org.first_collection + member * org.collections_each;
        let offset = |index: usize| {
            org.collections
                .get(index)
                .map_or(org.collections_each, |it| it.offset)
        };
        base + offset(from)..base + offset(to)
    }

    /// Writes a subject's name: `main`, `main/us-east-1`, `us-east-1`, `acme`, `acme/us-east-1`,
    /// `acme/us-east-1/clicks`, `acme/us-east-1/clicks#2`.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, subject: Subject, out: &mut impl Write) -> fmt::Result {
        match subject.kind {
            Kind::Key => out.write_str(self.key(subject.id)),
            Kind::Replica => {
                let (key, region) = self.replica(subject.id);
                write!(out, "{}/{}", self.key(key), self.region(region))
            }
            Kind::Region => out.write_str(self.region(subject.id)),
            Kind::Org => {
                let (group, member) = self.org(subject.id);
                self.write_org(group, member, out)
            }
            Kind::Site => {
                let (group, member, region) = self.site(subject.id);
                self.write_org(group, member, out)?;
                write!(out, "/{}", self.region(region))
            }
            Kind::Collection => {
                let home = self.home(subject.id);
                let org = &self.orgs[home.group];
                let it = &org.collections[home.collection];
                self.write_org(home.group, home.member, out)?;
                write!(out, "/{}/", self.region(org.regions[it.site as usize]))?;
                write_member(&it.name, it.count.map(|_| home.number), out)?;
                match subject.incarnation {
                    1 => Ok(()),
                    n => write!(out, "#{n}"),
                }
            }
        }
    }

    /// A subject's name.
    pub fn text(&self, subject: Subject) -> String {
        let mut text = String::new();
        self.write(subject, &mut text)
            .expect("writing to a String cannot fail");
        text
    }

    fn write_org(&self, group: usize, member: u32, out: &mut impl Write) -> fmt::Result {
        let org = &self.orgs[group];
        write_member(&org.name, org.count.map(|_| member), out)
    }
}

/// `name`, or `name-1` for the first member of a `count`.
fn write_member(name: &str, member: Option<u32>, out: &mut impl Write) -> fmt::Result {
    match member {
        None => out.write_str(name),
        Some(member) => write!(out, "{name}-{}", member + 1),
    }
}

/// The last org that begins at or before `id` and has any at all.
fn last_at_or_before(
    orgs: &[OrgGroup],
    first: impl Fn(&OrgGroup) -> u32,
    any: impl Fn(&OrgGroup) -> bool,
    id: u32,
) -> usize {
    let mut at = orgs.partition_point(|org| first(org) <= id);
    loop {
        at -= 1;
        if any(&orgs[at]) {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Names, OrgGroup, Subject};

    fn names() -> Names {
        let acme = OrgGroup::new(
            "acme".to_owned(),
            Some(2),
            vec![0, 1],
            vec![
                (1, "users".to_owned(), None),
                (0, "orders".to_owned(), Some(3)),
                (1, "clicks".to_owned(), Some(2)),
            ],
        );
        let empty = OrgGroup::new("bare".to_owned(), None, vec![1], vec![]);
        let globex = OrgGroup::new(
            "globex".to_owned(),
            None,
            vec![1],
            vec![(1, "all".to_owned(), None)],
        );
        Names::new(
            vec!["main".to_owned()],
            vec!["us-east-1".to_owned(), "us-west-2".to_owned()],
            vec![(0, 0), (0, 1)],
            vec![acme, empty, globex],
        )
    }

    #[test]
    fn every_subject_has_its_name_and_names_are_in_order() {
        let names = names();
        let all: Vec<String> = (0..names.count(Kind::Collection))
            .map(|id| names.text(Subject::new(Kind::Collection, id)))
            .collect();
        let acme = |n| {
            [
                "us-east-1/orders-1",
                "us-east-1/orders-2",
                "us-east-1/orders-3",
                "us-west-2/clicks-1",
                "us-west-2/clicks-2",
                "us-west-2/users",
            ]
            .map(|rest| format!("acme-{n}/{rest}"))
        };
        let mut expected = acme(1).to_vec();
        expected.extend(acme(2));
        expected.push("globex/us-west-2/all".to_owned());
        assert_eq!(all, expected);
        let sites: Vec<String> = (0..names.count(Kind::Site))
            .map(|id| names.text(Subject::new(Kind::Site, id)))
            .collect();
        assert_eq!(
            sites,
            [
                "acme-1/us-east-1",
                "acme-1/us-west-2",
                "acme-2/us-east-1",
                "acme-2/us-west-2",
                "bare/us-west-2",
                "globex/us-west-2"
            ]
        );
        let again = Subject {
            kind: Kind::Collection,
            id: 12,
            incarnation: 2,
        };
        assert_eq!(names.text(again), "globex/us-west-2/all#2");
        assert_eq!(names.text(Subject::new(Kind::Replica, 1)), "main/us-west-2");
        assert_eq!(names.text(Subject::new(Kind::Org, 1)), "acme-2");
    }

    #[test]
    fn sites_know_their_collections() {
        let names = names();
        let mut next = 0;
        for site in 0..names.count(Kind::Site) {
            let range = names.collections_in(site);
            assert_eq!(range.start, next, "the sites follow one another");
            next = range.end;
            for id in range {
                assert_eq!(names.home(id).site, site);
                let home = names.home(id);
                let members = names.collections_of(home.group, home.member, home.collection);
                assert_eq!(members.start + home.number, id);
            }
        }
        assert_eq!(next, names.count(Kind::Collection));
    }
}
