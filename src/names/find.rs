//! From a name as it is written to the subject that has it.

use super::{Kind, Names, Subject};

impl Names {
    /// The subject of a kind that is written so: `main`, `main/us-east-1`, `us-east-1`, `acme`, `acme/us-east-1`,
    /// `acme/us-east-1/clicks`, or `acme/us-east-1/clicks#2` for a certain incarnation. `None` where the scenario never names
    /// it; whether an incarnation ever was is not asked.
    pub fn find(&self, kind: Kind, text: &str) -> Option<Subject> {
        let parts: Vec<&str> = text.split('/').collect();
        let id = match (kind, parts.as_slice()) {
            (Kind::Key, [key]) => self.find_key(key),
            (Kind::Region, [region]) => self.find_region(region),
            (Kind::Replica, [key, region]) => {
                self.find_replica(self.find_key(key)?, self.find_region(region)?)
            }
            (Kind::Org, [org]) => {
                let (group, member) = self.find_org(org)?;
                Some(self.org_members(group).start + member)
            }
            (Kind::Site, [org, region]) => {
                let (group, member) = self.find_org(org)?;
                let at = self.find_site(group, region)?;
                Some(self.sites_of(group, member).start + at)
            }
            (Kind::Collection, [org, region, name]) => {
                return self.find_collection(org, region, name);
            }
            (
                Kind::Key
                | Kind::Region
                | Kind::Replica
                | Kind::Org
                | Kind::Site
                | Kind::Collection,
                _,
            ) => None,
        };
        id.map(|id| Subject::new(kind, id))
    }

    fn find_collection(&self, org: &str, region: &str, name: &str) -> Option<Subject> {
        let (name, incarnation) = match name.split_once('#') {
            Some((name, number)) => (name, plain(number)?),
            None => (name, 1),
        };
        let (group, member) = self.find_org(org)?;
        let site = self.find_site(group, region)?;
        let mut collections = self.orgs()[group].collections.iter().enumerate();
        let (at, number) = collections.find_map(|(at, it)| {
            let number = numbered(&it.name, it.count, name)?;
            (it.site == site).then_some((at, number))
        })?;
        let id = self.collections_of(group, member, at).start + number;
        let mut subject = Subject::new(Kind::Collection, id);
        subject.incarnation = incarnation;
        Some(subject)
    }

    /// The org of the file and the member of it (from 0).
    fn find_org(&self, text: &str) -> Option<(usize, u32)> {
        let mut orgs = self.orgs().iter().enumerate();
        orgs.find_map(|(group, it)| Some((group, numbered(&it.name, it.count, text)?)))
    }

    /// The position of a region among those of an org of the file.
    fn find_site(&self, group: usize, region: &str) -> Option<u32> {
        let region = self.find_region(region)?;
        let at = self.orgs()[group].regions.binary_search(&region).ok()?;
        u32::try_from(at).ok()
    }
}

/// The member (from 0) that a text names: of one it is the name, of many the name and a number.
fn numbered(name: &str, count: Option<u32>, text: &str) -> Option<u32> {
    match count {
        None => (name == text).then_some(0),
        Some(count) => {
            let number = plain(text.strip_prefix(name)?.strip_prefix('-')?)?;
            (number <= count).then(|| number - 1)
        }
    }
}

/// A number from 1 as names write it.
fn plain(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    let number = text.parse().ok().filter(|number: &u32| *number > 0);
    number.filter(|_| digits && !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Names, OrgGroup};

    #[test]
    fn every_subject_is_found_by_its_text_and_nothing_else_is() {
        let orgs = vec![
            OrgGroup::new(
                "acme".to_owned(),
                Some(3),
                vec![0, 1],
                vec![
                    (0, "clicks".to_owned(), None),
                    (1, "clicks".to_owned(), Some(12)),
                    (1, "clicks-1x".to_owned(), None),
                ],
            ),
            OrgGroup::new(
                "bank".to_owned(),
                None,
                vec![1],
                vec![(1, "orders".to_owned(), None)],
            ),
        ];
        let regions = vec!["us-east-1".to_owned(), "us-west-2".to_owned()];
        let names = Names::new(
            vec!["main".to_owned(), "other".to_owned()],
            regions,
            vec![(0, 0), (0, 1), (1, 1)],
            orgs,
        );
        for kind in [
            Kind::Key,
            Kind::Replica,
            Kind::Region,
            Kind::Org,
            Kind::Site,
            Kind::Collection,
        ] {
            for id in 0..names.count(kind) {
                let subject = super::Subject::new(kind, id);
                let text = names.text(subject);
                assert_eq!(names.find(kind, &text), Some(subject), "{text}");
            }
        }
        let second = names.find(Kind::Collection, "bank/us-west-2/orders#2");
        assert_eq!(second.map(|it| it.incarnation), Some(2));
        for wrong in [
            "acme/us-east-1/clicks",
            "acme-4/us-east-1/clicks",
            "acme-01/us-east-1/clicks",
            "acme-1/us-west-2/clicks-13",
            "acme-1/us-west-2/clicks-+1",
            "bank/us-west-2/orders#0",
            "bank/us-west-2",
            "bank/moon/orders",
            "",
        ] {
            assert_eq!(names.find(Kind::Collection, wrong), None, "{wrong}");
        }
    }
}
