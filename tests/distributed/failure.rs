//! What is left when a process fails or is lost: an error everywhere and nothing that looks whole.

use crate::processes::{Folder, ends, generated, parts, program, start};
use crate::random::Random;
use std::time::{Duration, Instant};

#[test]
fn a_part_that_cannot_be_read_is_exit_3_with_its_name() {
    let folder = Folder::new("unread");
    let mut parts = parts(&folder, &generated(300), 3);
    parts[1] = folder.path("no-such-part.csv");
    let ended = ends(start(&folder, &["ultimate-controllers"], &parts, &[]));
    for (process, output) in ended.iter().enumerate() {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{error}");
        assert!(error.contains("no-such-part.csv"), "{error}");
        assert_eq!(error.contains("process 1 ended the run"), process != 1, "{error}");
    }
    assert_eq!(folder.names(), ["hosts", "part-0.csv", "part-1.csv", "part-2.csv"]);
}

/// The Parquet library panics at some damage; here, too, that is a part that cannot be read.
#[test]
#[cfg(feature = "parquet")]
fn a_damaged_part_at_which_the_library_stops_is_exit_3_too() {
    let folder = Folder::new("damaged");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let whole = std::fs::read(root.join("tests/fixtures/parquet/arrow-flba.parquet")).expect("a fixture");
    let changed = |at: usize, by: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= by;
        bytes
    };
    let stops = |bytes: &Vec<u8>| {
        let read = cuibono::load::Loader::new().read_bytes("damaged.parquet", bytes);
        read.is_err_and(|error| error.to_string().contains("the Parquet library stopped at it"))
    };
    let all = (4..whole.len()).flat_map(|at| [0xff, 0x80, 1].map(|by| changed(at, by)));
    let damaged = all.into_iter().find(stops).expect("damage at which the library stops");
    let part = folder.path("damaged.parquet");
    std::fs::write(&part, damaged).expect("a file");
    let output = program().args(["cluster", "circular", "--data"]).arg(&part).output().expect("an end");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("damaged.parquet: is damaged or cut off: the Parquet library stopped at it"), "{error}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_process_killed_at_any_moment_ends_the_run_on_all_machines() {
    let folder = Folder::new("killed");
    let parts = parts(&folder, &generated(60_000), 3);
    let question = ["effective-shares", "--min-share", "5"];
    let began = Instant::now();
    let ended = ends(start(&folder, &question, &parts, &[]));
    let whole = began.elapsed();
    assert!(ended.iter().all(|output| output.status.success()), "{ended:?}");
    let before: Vec<Vec<u8>> =
        (0..3).map(|part| std::fs::read(folder.path(&format!("out-{part}"))).expect("rows")).collect();
    let mut random = Random(9);
    let (mut killed, mut too_late) = (0, 0);
    for kill in 0..10 {
        (0..3).for_each(|part| _ = std::fs::remove_file(folder.path(&format!("out-{part}"))));
        let mut children = start(&folder, &question, &parts, &[]);
        let victim = random.below(3) as usize;
        std::thread::sleep(whole.mul_f64((random.below(900) + 50) as f64 / 1000.0));
        let was_over = children[victim].try_wait().expect("a state").is_some();
        children[victim].kill().expect("a signal");
        let since = Instant::now();
        let ended = ends(children);
        if was_over {
            too_late += 1;
            continue;
        }
        killed += 1;
        assert!(since.elapsed() < Duration::from_secs(45), "kill {kill}: the others went on");
        for (process, output) in ended.iter().enumerate() {
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "kill {kill} of {victim}: process {process} succeeded");
            if process != victim {
                assert_eq!(output.status.code(), Some(2), "{error}");
                let told =
                    error.contains("another process of the run was lost") || error.contains("was not there within");
                assert!(told, "{error}");
            }
        }
        // A killed process cannot tidy up; what it leaves has another name.
        let whole = folder.names().into_iter().filter(|name| name.starts_with("out-")).collect::<Vec<_>>();
        assert!(whole.iter().all(|name| name.ends_with(".part")), "{whole:?}");
    }
    assert!(killed >= 5, "{killed} killed, {too_late} were over before");
    let ended = ends(start(&folder, &question, &parts, &[]));
    assert!(ended.iter().all(|output| output.status.success()), "the run can be started again");
    for (part, before) in before.iter().enumerate() {
        let after = std::fs::read(folder.path(&format!("out-{part}"))).expect("rows");
        assert!(sorted(&after) == sorted(before), "the same rows");
    }
}

fn sorted(rows: &[u8]) -> Vec<&[u8]> {
    let mut rows: Vec<&[u8]> = rows.split(|&byte| byte == b'\n').collect();
    rows.sort_unstable();
    rows
}
