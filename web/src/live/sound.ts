import { ref } from 'vue';

const STORED = 'hallwatch.sound';

/** Whether alerts sound on this device, and whether the browser still waits for a click before it lets them. */
export const sound = ref({ on: localStorage.getItem(STORED) !== 'off', blocked: false });

let context: AudioContext | undefined;

/** Turns the sound of this device on or off. Turning it on is the click a browser asks for. */
export function setSound(on: boolean): void {
  sound.value = { on, blocked: false };
  localStorage.setItem(STORED, on ? 'on' : 'off');
  if (on) chime('normal');
}

/** Two soft tones for an alert, three rising ones where a citizen waits: told apart without looking. */
export function chime(kind: 'normal' | 'high'): void {
  if (!sound.value.on) return;
  context ??= new AudioContext();
  if (context.state === 'suspended') {
    const waiting = context;
    void waiting.resume();
    sound.value = { ...sound.value, blocked: true };
    waiting.onstatechange = () => {
      if (waiting.state === 'running') sound.value = { ...sound.value, blocked: false };
    };
    return;
  }
  const tones = kind === 'high' ? [660, 830, 990] : [620, 520];
  tones.forEach((frequency, i) => {
    tone(context!, frequency, i * (kind === 'high' ? 0.16 : 0.22));
  });
}

function tone(audio: AudioContext, frequency: number, afterS: number): void {
  const from = audio.currentTime + afterS;
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.22, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(from + 0.32);
}
