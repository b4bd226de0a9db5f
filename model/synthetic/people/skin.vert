#version 330
uniform mat4 projection;
uniform float thickness;
in vec3 position;
in vec3 normal;
in vec2 unrolled;
in vec3 place;      // at rest, for patterns that stick to the skin
in vec4 paint;      // palm, part, along the finger, reach
out vec3 point;
out vec3 facing;
out vec2 on_skin;
out vec3 rest;
out vec4 painted;
flat out float part;
out vec3 uneven;
uniform float noise_shift;

float random(vec3 cell) { return fract(sin(dot(cell, vec3(12.99, 78.23, 37.72))) * 43758.55); }

float noise(vec3 at) {
    at += noise_shift;
    vec3 cell = floor(at), f = fract(at);
    f = f * f * (3.0 - 2.0 * f);
    vec2 s = vec2(0.0, 1.0);
    float low = mix(mix(random(cell), random(cell + s.yxx), f.x),
                    mix(random(cell + s.xyx), random(cell + s.yyx), f.x), f.y);
    float high = mix(mix(random(cell + s.xxy), random(cell + s.yxy), f.x),
                     mix(random(cell + s.xyy), random(cell + s.yyy), f.x), f.y);
    return 2.0 * mix(low, high, f.z) - 1.0;
}

void main() {
    float loose = thickness > 0.002 ? 1.0 + 0.5 * sin(place.x * 90.0 + place.z * 70.0) : 1.0;
    point = position + normal * thickness * loose;
    facing = normal;
    on_skin = unrolled;
    rest = place;
    painted = paint;
    part = paint.y;
    uneven = vec3(noise(place * 220.0), noise(place * 90.0), noise(place * 55.0));
    gl_Position = projection * vec4(point, 1.0);
}
