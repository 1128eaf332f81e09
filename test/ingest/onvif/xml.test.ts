import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../src/ingest/onvif/fault.js';
import { parseXml, readXml, SOAP_LIMITS, type XmlElement, xmlText } from '../../../src/ingest/onvif/xml.js';

const parse = (text: string): XmlElement => parseXml(Buffer.from(text), SOAP_LIMITS, 'test');

describe('parseXml', () => {
  it('gives the form that the onvif package reads', () => {
    const text =
      '<s:Envelope xmlns:s="x"><Body a="1"><H264>7</H264><UTCDateTime/><tt:Name>大厅 &amp; &#x4E2D;</tt:Name><Name>b</Name></Body></s:Envelope>';
    expect(parse(text)).toEqual({
      envelope: [{ body: [{ $: { a: '1' }, H264: ['7'], UTCDateTime: [''], name: ['大厅 & 中', 'b'] }] }],
    });
  });

  it('reads a character that two pieces share', async () => {
    const bytes = Buffer.from('<a><b>办事大厅</b></a>');
    const pieces = (async function* () {
      for (const byte of bytes) yield Buffer.from([byte]);
    })();
    expect(await readXml(pieces, SOAP_LIMITS, 'test')).toEqual({ a: [{ b: ['办事大厅'] }] });
  });

  it('lets other work run while it reads a large answer', async () => {
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    const text = Buffer.from(`<a>${'<b>some text in it</b>'.repeat(15_000)}</a>`);
    await readXml(
      (async function* () {
        yield text;
      })(),
      SOAP_LIMITS,
      'test',
    );
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
  });

  it.each([
    '<a>&undefined;</a>',
    '<a b=1/>',
    '<a></b>',
    '<a/><b/>',
    '\u0000',
    '<a xmlns:constructor="1"><constructor/></a>',
  ])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(/test: /);
  });

  it('text made safe reads back as it was', () => {
    const text = `<a b="c"> & 'd' ]]>`;
    expect(parse(`<x>${xmlText(text)}</x>`)).toEqual({ x: [text] });
  });
});

describe('faultOf', () => {
  const body = (text: string): XmlElement => (parse(`<r>${text}</r>`).r as XmlElement[])[0]!;
  it.each([
    [
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code></s:Fault>',
      'not-authorized',
    ],
    ['<Fault><faultcode>x</faultcode><faultstring>Sender not authorized</faultstring></Fault>', 'not-authorized'],
    ['<Fault><Code><Value>wsse:FailedAuthentication</Value></Code></Fault>', 'not-authorized'],
    ['<Fault><Code><Value>s:Receiver</Value></Code><Reason><Text>No such profile</Text></Reason></Fault>', 'other'],
    ['<Fault/>', 'other'],
  ])('%s is %s', (text, kind) => {
    expect(faultOf(body(text))?.kind).toBe(kind);
  });

  it('no fault is none', () => {
    expect(faultOf(body('<ok/>'))).toBeUndefined();
  });
});
