/**
 * Draws a report as a PDF with marks for readers that speak (tagged, with language and title). The font is embedded, so
 * that names of all European languages can be read.
 */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import PDFDocument from 'pdfkit';
import type { ReportChart, ReportWords } from './report-words.ts';

const find = createRequire(import.meta.url);
const fonts = {
  plain: find.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  strong: find.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
} as const;

const ink = '#1c2530';
const accent = '#0f5c73';
const line = '#cfd6de';
const margin = 48;
/** Shares of the page's width for the columns of the list, where it names none. */
const usualShares = [0.18, 0.18, 0.18, 0.13, 0.1, 0.1, 0.13];

type Pdf = InstanceType<typeof PDFDocument>;

const chunks: Buffer[] = [];
const report = workerData as ReportWords;
const pdf = new PDFDocument({
  size: 'A4',
  margin,
  lang: report.language === 'fr' ? 'fr-FR' : 'en-GB',
  tagged: true,
  bufferPages: true,
  displayTitle: true,
  pdfVersion: '1.7',
  info: { Title: report.title, Producer: 'Consentry' },
});
pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
pdf.on('end', () => parentPort?.postMessage(new Uint8Array(Buffer.concat(chunks))));
draw(pdf, report);
numberPages(pdf);
pdf.end();

function draw(page: Pdf, words: ReportWords): void {
  page.registerFont('plain', fonts.plain).registerFont('strong', fonts.strong);
  const root = page.struct('Document');
  page.addStructure(root);
  const say = (tag: string, style: () => Pdf, text: string, after = 6): void => {
    root.add(
      page.struct(tag, {}, () => {
        style().text(text, margin, page.y, { width: width(page) });
        page.y += after;
      }),
    );
  };
  const plain = (): Pdf => page.font('plain').fontSize(9.5).fillColor(ink);
  const heading = (): Pdf => page.font('strong').fontSize(12).fillColor(accent);
  say('H1', () => page.font('strong').fontSize(16).fillColor(ink), words.title, 4);
  say('P', plain, words.made, 10);
  for (const [name, value] of words.numbers)
    say('P', plain, `${name}${words.language === 'fr' ? '\u202f:' : ':'} ${value}`, 2);
  page.y += 6;
  for (const chart of words.charts) {
    if (chart.bars.length === 0) continue;
    room(page, 40 + 16 * chart.bars.length);
    say('H2', heading, chart.title, 4);
    for (const bar of chart.bars) root.add(page.struct('P', {}, () => drawBar(page, chart, bar)));
    page.y += 8;
  }
  room(page, 80);
  say('H2', heading, words.table.title, 4);
  if (words.table.rows.length === 0) say('P', plain, words.empty);
  else drawTable(page, root, words);
  page.y += 10;
  for (const note of words.notes) {
    room(page, 40);
    say('P', plain, note);
  }
  root.end();
}

function width(page: Pdf): number {
  return page.page.width - 2 * margin;
}

/** Begins another page when so much does not fit on this one. */
function room(page: Pdf, height: number): void {
  if (page.y + height > page.page.height - margin) page.addPage();
}

function drawBar(page: Pdf, { bars }: ReportChart, [name, count]: ReportChart['bars'][number]): void {
  room(page, 18);
  const most = Math.max(...bars.map(([, one]) => one));
  const top = page.y;
  const half = width(page) / 2;
  page.font('plain').fontSize(9).fillColor(ink);
  const height = Math.max(14, page.heightOfString(name, { width: half - 10 }) + 3);
  page.text(name, margin, top, { width: half - 10 });
  page.text(String(count), margin + half, top, { width: 40, align: 'right' });
  page.rect(margin + half + 50, top + 1, Math.max(1, ((half - 50) * count) / most), 8).fill(accent);
  page.y = top + height;
}

type Structure = ReturnType<Pdf['struct']>;

function drawTable(page: Pdf, root: Structure, { table }: ReportWords): void {
  const widths = (table.shares ?? usualShares).map((share) => share * width(page));
  const whole = page.struct('Table');
  root.add(whole);
  const header = rowOf(page, table.headers, widths, true);
  drawRow(page, header, whole);
  for (const cells of table.rows) {
    const row = rowOf(page, cells, widths, false);
    if (page.y + row.height + 8 > page.page.height - margin) {
      page.addPage();
      drawAgain(page, header);
    }
    drawRow(page, row, whole);
  }
  whole.end();
}

interface Row {
  readonly cells: readonly string[];
  readonly widths: readonly number[];
  readonly header: boolean;
  readonly height: number;
}

function rowOf(page: Pdf, cells: readonly string[], widths: readonly number[], header: boolean): Row {
  useRowFont(page, header);
  const heights = cells.map((cell, at) => page.heightOfString(cell, { width: (widths[at] ?? 0) - 6 }));
  return { cells, widths, header, height: Math.max(...heights) };
}

function useRowFont(page: Pdf, header: boolean): void {
  page
    .font(header ? 'strong' : 'plain')
    .fontSize(7.5)
    .fillColor(ink);
}

function drawRow(page: Pdf, row: Row, table: Structure): void {
  room(page, row.height + 8);
  const told = page.struct('TR');
  table.add(told);
  drawCells(page, row, (draw) => told.add(page.struct(row.header ? 'TH' : 'TD', {}, draw)));
  told.end();
}

/** The header on a further page, which readers that speak have heard already. */
function drawAgain(page: Pdf, row: Row): void {
  page.markContent('Artifact', { type: 'Pagination' });
  drawCells(page, row, (draw) => draw());
  page.endMarkedContent();
}

function drawCells(page: Pdf, { cells, widths, header, height }: Row, put: (draw: () => void) => void): void {
  useRowFont(page, header);
  const top = page.y;
  let left = margin;
  for (const [at, cell] of cells.entries()) {
    const [x, room] = [left, widths[at] ?? 0];
    put(() => void page.text(cell, x, top, { width: room - 6 }));
    left += room;
  }
  page.y = top + height + 3;
  page
    .moveTo(margin, page.y)
    .lineTo(margin + width(page), page.y)
    .lineWidth(0.5)
    .strokeColor(line)
    .stroke();
  page.y += 4;
}

/** `2 / 3` below each page, where there are several. */
function numberPages(page: Pdf): void {
  const { count } = page.bufferedPageRange();
  for (let at = 0; at < count && count > 1; at += 1) {
    page.switchToPage(at);
    // What stands in the margin would begin another page.
    page.page.margins.bottom = 0;
    page.markContent('Artifact', { type: 'Pagination' });
    page
      .font('plain')
      .fontSize(8)
      .fillColor(ink)
      .text(`${at + 1} / ${count}`, margin, page.page.height - margin / 2 - 8, {
        width: width(page),
        align: 'right',
      });
    page.endMarkedContent();
  }
}
