//! Reader of ftm.

use super::intake::Intake;
use crate::error::Result;
use std::io::BufRead;

/// Whether the first bytes of an input look like this format.
pub(super) fn recognises(_head: &str) -> bool {
    false
}

/// Reads one input.
pub(super) fn read(intake: &mut Intake<'_>, _head: &[u8], _reader: &mut dyn BufRead) -> Result<()> {
    intake.accept();
    Ok(())
}
