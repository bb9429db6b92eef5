//! Rows with their columns aligned.

use std::fmt;

/// Writes rows, every column but the last as wide as its widest cell, each line after an indent.
pub(crate) fn aligned(rows: &[Vec<String>], indent: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(index) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    for row in rows {
        let mut line = String::from(indent);
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn columns_line_up_and_lines_end_clean() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let mut out = String::new();
        let rows = [row(["a", "→→", "x"]), row(["bcd", "e", ""])];
        aligned(&rows, "  ", &mut out).expect("a String takes it");
        assert_eq!(out, "  a    →→  x\n  bcd  e\n");
    }
}
