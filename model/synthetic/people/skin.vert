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

void main() {
    float loose = thickness > 0.002 ? 1.0 + 0.5 * sin(place.x * 90.0 + place.z * 70.0) : 1.0;
    point = position + normal * thickness * loose;
    facing = normal;
    on_skin = unrolled;
    rest = place;
    painted = paint;
    part = paint.y;
    gl_Position = projection * vec4(point, 1.0);
}
