//! Where a memory may not lie. SQLite's log needs shared memory and locks that hold between all processes, so all must
//! be on one machine (<https://www.sqlite.org/wal.html>, <https://www.sqlite.org/useovernet.html>), and a program that
//! copies the file about while it is written makes two memories of one.

use std::path::{Component, Path, PathBuf};

/// Folders that a program keeps in step with other machines: what the name of a folder on the way is, or begins with,
/// and the program. As their installers name them.
const SYNCED: &[(Name, &str, &str)] = &[
    // (how it is compared, the name, an example)
    (Name::Is, "OneDrive", "C:/Users/Leyla/OneDrive/office.db"),
    (Name::Begins, "OneDrive - ", "C:/Users/Leyla/OneDrive - State Migration Service/office.db"),
    (Name::Begins, "OneDrive-", "/Users/leyla/Library/CloudStorage/OneDrive-Personal/office.db"),
    (Name::Is, "Dropbox", "/home/leyla/Dropbox/office.db"),
    (Name::Begins, "Dropbox (", "C:/Users/Leyla/Dropbox (Press office)/office.db"),
    (Name::Is, "Google Drive", "C:/Users/Leyla/Google Drive/office.db"),
    (Name::Is, "My Drive", "G:/My Drive/office.db"),
    (
        Name::Begins,
        "GoogleDrive-",
        "/Users/leyla/Library/CloudStorage/GoogleDrive-leyla@example.org/My Drive/office.db",
    ),
    (Name::Is, "iCloudDrive", "C:/Users/Leyla/iCloudDrive/office.db"),
    (Name::Is, "Mobile Documents", "/Users/leyla/Library/Mobile Documents/com~apple~CloudDocs/office.db"),
    (Name::Is, "YandexDisk", "C:/Users/Leyla/YandexDisk/office.db"),
    (Name::Is, "Yandex.Disk", "/home/leyla/Yandex.Disk/office.db"),
    (Name::Is, "Nextcloud", "/home/leyla/Nextcloud/office.db"),
    (Name::Is, "ownCloud", "/home/leyla/ownCloud/office.db"),
    (Name::Is, "pCloudDrive", "/home/leyla/pCloudDrive/office.db"),
    (Name::Is, "MEGAsync", "/home/leyla/MEGAsync/office.db"),
];

/// Files such programs leave at the top of what they keep in step.
const MARKERS: &[(&str, &str)] = &[(".stfolder", "Syncthing"), (".dropbox.cache", "Dropbox")];

/// File systems that lie on another machine, as Linux names them.
const REMOTE: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.gvfsd-fuse",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.smbnetfs",
    "fuse.curlftpfs",
    "fuse.s3fs",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Is,
    Begins,
}

/// Why a memory may not lie at `path`, in words; `None` where it may.
pub(super) fn shared(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A drive letter of Windows that stands for a server is told by its real name.
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let marked = || real.ancestors().find_map(|at| MARKERS.iter().find(|(file, _)| at.join(file).exists()));
    if on_server(&real) || mounts().is_some_and(|mounts| remote(&mounts, &real).is_some()) {
        return Some("this folder lies on another machine".to_owned());
    }
    if let Some(name) = synced(&real) {
        return Some(format!("the folder `{name}` is kept in step with other machines"));
    }
    marked().map(|(_, program)| format!("this folder is kept in step with other machines by {program}"))
}

/// The folder on the way that a program keeps in step.
fn synced(folder: &Path) -> Option<String> {
    folder.components().find_map(|part| {
        let Component::Normal(name) = part else { return None };
        let name = name.to_string_lossy();
        let known = SYNCED.iter().any(|(how, known, _)| match how {
            Name::Is => name.eq_ignore_ascii_case(known),
            Name::Begins => name.starts_with(known),
        });
        known.then(|| name.into_owned())
    })
}

/// `\\server\share` of Windows.
fn on_server(folder: &Path) -> bool {
    match folder.components().next() {
        Some(Component::Prefix(prefix)) => {
            matches!(prefix.kind(), std::path::Prefix::UNC(..) | std::path::Prefix::VerbatimUNC(..))
        }
        _ => false,
    }
}

#[cfg(target_os = "linux")]
fn mounts() -> Option<String> {
    std::fs::read_to_string("/proc/self/mountinfo").ok()
}

#[cfg(not(target_os = "linux"))]
fn mounts() -> Option<String> {
    None
}

/// The kind of the file system `folder` lies on, where that is on another machine. `mounts` is as in proc(5),
/// `/proc/pid/mountinfo`: of several mounts over one another the last counts.
fn remote(mounts: &str, folder: &Path) -> Option<String> {
    let mounted = |line: &str| -> Option<(PathBuf, String)> {
        let (left, right) = line.split_once(" - ")?;
        let at = left.split(' ').nth(4)?;
        Some((PathBuf::from(unescaped(at)), right.split(' ').next()?.to_owned()))
    };
    let (_, kind) = mounts
        .lines()
        .filter_map(mounted)
        .filter(|(at, _)| folder.starts_with(at))
        .max_by_key(|(at, _)| at.components().count())?;
    REMOTE.contains(&kind.as_str()).then_some(kind)
}

/// Spaces, tabs, line feeds and backslashes stand there as `\040` and the like.
fn unescaped(path: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(path.to_owned(), |path, (escaped, plain)| path.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_knows_its_example() {
        for (_, name, example) in SYNCED {
            let folder = Path::new(example).parent().unwrap();
            let found = synced(folder).unwrap_or_default();
            assert!(
                found.to_lowercase().starts_with(&name.to_lowercase()) || *name == "My Drive",
                "{example}: {found}"
            );
        }
        for plain in ["/home/leyla/releases", "/home/leyla/dropboxes", "C:/Users/Leyla/OneDriveOld", "/srv/My Drives"] {
            assert_eq!(synced(Path::new(plain)), None, "{plain}");
        }
    }

    #[test]
    fn mounts_of_other_machines_are_told() {
        let mounts = "22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n\
                      40 22 0:35 / /mnt/office\\040files rw shared:2 - cifs //server/files rw,vers=3.0\n\
                      41 40 0:36 / /mnt/office\\040files/local rw - tmpfs tmpfs rw\n\
                      42 22 0:37 / /net rw - nfs4 server:/export rw\n\
                      43 22 8:1 / /media/stick rw - fuseblk /dev/sdb1 rw\n";
        for (folder, want) in [
            ("/home/leyla", None),
            ("/mnt/office files/tm", Some("cifs")),
            ("/mnt/office files/local", None),
            ("/mnt/office", None),
            ("/net/tm", Some("nfs4")),
            ("/network", None),
            ("/media/stick", None),
        ] {
            assert_eq!(remote(mounts, Path::new(folder)).as_deref(), want, "{folder}");
        }
    }

    #[test]
    fn a_folder_with_a_marker_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        assert_eq!(shared(&inner.join("office.db")), None);
        std::fs::create_dir(folder.path().join(".stfolder")).unwrap();
        assert!(shared(&inner.join("office.db")).unwrap().ends_with("by Syncthing"));
    }
}
