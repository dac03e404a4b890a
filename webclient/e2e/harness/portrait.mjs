/**
 * Runs in a page before its own scripts: the camera shows a drawn person instead of the browser's test picture, for pictures that people look at.
 * @param {{wall: string, thing: string, hair: string, skin: string, clothes: string, long: boolean}} look
 */
export function portrait(look) {
  const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (real === undefined) {
    return;
  }
  const draw = (pen, width, height, time) => {
    const unit = height / 720;
    const x = width / 2 + 6 * unit * Math.sin(time / 900);
    const y = height * 0.46 + 3 * unit * Math.sin(time / 700);
    const oval = (dx, dy, rx, ry, colour) => {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.ellipse(x + dx * unit, y + dy * unit, rx * unit, ry * unit, 0, 0, 7);
      pen.fill();
    };
    pen.fillStyle = look.wall;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = look.thing;
    pen.fillRect(width / 2 + 250 * unit, 90 * unit, 220 * unit, 300 * unit);
    pen.fillRect(width / 2 - 560 * unit, 330 * unit, 240 * unit, 14 * unit);
    pen.fillRect(width / 2 - 520 * unit, 210 * unit, 34 * unit, 120 * unit);
    pen.fillRect(width / 2 - 470 * unit, 240 * unit, 40 * unit, 90 * unit);
    if (look.long) {
      oval(0, 60, 165, 220, look.hair);
    }
    oval(0, 400, 270, 230, look.clothes);
    oval(0, 170, 58, 90, look.skin);
    oval(0, -40, 148, 150, look.hair);
    oval(0, 10, 122, 155, look.skin);
    oval(0, -125, 128, 62, look.hair);
    oval(-45, 0, 11, 13, '#2c2320');
    oval(45, 0, 11, 13, '#2c2320');
    pen.strokeStyle = '#8c4a3f';
    pen.lineWidth = 7 * unit;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.arc(x, y + 52 * unit, 42 * unit, 0.5, 2.64);
    pen.stroke();
  };
  navigator.mediaDevices.getUserMedia = async constraints => {
    const stream = await real(constraints);
    const [camera] = stream.getVideoTracks();
    if (camera === undefined) {
      return stream;
    }
    const { width, height } = camera.getSettings();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext('2d');
    const show = () => draw(pen, width, height, Date.now());
    show();
    const timer = setInterval(show, 66);
    const [track] = canvas.captureStream(15).getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      camera.stop();
      stop();
    };
    track.getSettings = () => camera.getSettings();
    stream.removeTrack(camera);
    stream.addTrack(track);
    return stream;
  };
}

export const looks = {
  doctor: { wall: '#dfe6e2', thing: '#b9c8c1', hair: '#3d2b23', skin: '#e0ac8a', clothes: '#f7f7f4', long: true },
  patient: { wall: '#efe3d2', thing: '#d9c5a7', hair: '#a9a39c', skin: '#f0c8ab', clothes: '#5b7f95', long: false },
  guest: { wall: '#d9dde8', thing: '#b4bccf', hair: '#1f1a1a', skin: '#8d5a3f', clothes: '#a85c4a', long: false },
};
